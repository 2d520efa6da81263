internal import Crypto
internal import Glibc

/// Hashes of whole files.
public enum FileHash {
    /// What could not be hashed; nothing about it is known but that.
    struct Unreadable: Error {}

    /// SHA-256 of a file's bytes in lower-case hexadecimal; throws if it is no file or cannot be read.
    ///
    /// Read in pieces: a file that shrinks while it is mapped would end the process. A pipe is not waited for.
    public static func sha256(of path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Unreadable() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw Unreadable() }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Unreadable() }
            if count == 0 { return hexadecimal(hash.finalize()) }
            hash.update(data: buffer[..<count])
        }
    }
}
