internal import Glibc

/// What files that must be whole need from the operating system.
package enum FileSystem {
    /// What stands at a path.
    package enum Entry: Sendable {
        case missing
        case directory
        case other
        case file(byteCount: Int)
        case unreachable(String)
    }

    /// What stands at a path, symbolic links followed.
    package static func entry(at path: String) -> Entry {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return errno == ENOENT ? .missing : .unreachable(lastError)
        }
        return switch status.st_mode & S_IFMT {
        case S_IFDIR: .directory
        case S_IFREG: .file(byteCount: Int(status.st_size))
        default: .other
        }
    }

    /// The size of a file that can be read; throws for everything else that can have a name.
    package static func byteCount(ofReadable path: String) throws(FileFailure) -> Int {
        switch entry(at: path) {
        case .missing: throw .missing
        case .directory: throw .notAFile("a folder")
        case .other: throw .notAFile("a device or a pipe")
        case .unreachable(let why): throw .system(why)
        case .file(let byteCount):
            guard access(path, R_OK) == 0 else { throw .system(lastError) }
            return byteCount
        }
    }

    /// Fills a buffer from an open file, from a byte on.
    package static func read(
        _ descriptor: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(FileFailure) {
        var filled = 0
        while filled < buffer.count {
            let count = pread(
                descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, offset + filled)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(lastError) }
            guard count > 0 else { throw .system("the file has become shorter") }
            filled += count
        }
    }

    /// Makes an empty file where nothing stands, readable as the user's mask says.
    static func create(_ path: String) throws(FileFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system(lastError) }
        close(descriptor)
    }

    /// Brings a file's content, or a folder's names, to the disk.
    static func synchronize(_ path: String) throws(FileFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(lastError) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(lastError) }
    }

    /// Moves a file onto a name in the same folder, replacing what stands there.
    static func rename(_ source: String, to destination: String) throws(FileFailure) {
        guard Glibc.rename(source, destination) == 0 else { throw .system(lastError) }
    }

    /// Removes a file if it is there.
    static func remove(_ path: String) { unlink(path) }

    static var lastError: String { String(cString: strerror(errno)) }
}
