internal import AlignmentFiles
internal import Glibc

/// The bytes of a log from its start to its end: a file, a pipe, or standard input for `-`.
struct LogStream: ~Copyable {
    /// The most bytes of one block.
    static let blockSize = 1 << 20

    private let name: String
    private let descriptor: Int32

    /// Opens a log; throws for a folder or a device.
    init(_ path: String) throws(LogError) {
        descriptor = try Self.descriptor(of: path)
        name = path
    }

    private static func descriptor(of path: String) throws(LogError) -> Int32 {
        guard path != "-" else {
            let descriptor = dup(STDIN_FILENO)
            guard descriptor >= 0 else { throw LogError(file: path, .system("it is closed")) }
            return descriptor
        }
        switch FileSystem.entry(at: path) {
        case .missing: throw LogError(file: path, .fileNotFound)
        case .directory: throw LogError(file: path, .notAFile("a folder"))
        case .unreachable(let why): throw LogError(file: path, .system(why))
        case .other where !isPipe(path): throw LogError(file: path, .notAFile("a device"))
        case .other, .file: break
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LogError(file: path, .system(String(cString: strerror(errno)))) }
        return descriptor
    }

    /// The next bytes, at most as many as a block holds; none at the end.
    mutating func nextBlock() throws(LogError) -> [UInt8] {
        var failure: String?
        let block = [UInt8](unsafeUninitializedCapacity: Self.blockSize) { buffer, filled in
            var count: Int
            repeat {
                count = read(descriptor, buffer.baseAddress, buffer.count)
            } while count < 0
                && errno == EINTR
            if count < 0 { failure = String(cString: strerror(errno)) }
            filled = max(count, 0)
        }
        if let failure { throw LogError(file: name, .system(failure)) }
        return block
    }

    private static func isPipe(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    deinit { close(descriptor) }
}
