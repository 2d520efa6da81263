internal import Glibc

/// What the archive needs from the file system beside HDF5.
enum FileSystem {
    /// What stands at a path.
    enum Entry {
        case missing
        case directory
        case other
        case file(byteCount: Int)
        case unreachable(String)
    }

    /// What stands at a path, symbolic links followed.
    static func entry(at path: String) -> Entry {
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

    /// The reason why a file cannot be read; nil if it can be.
    static func whyUnreadable(_ path: String) -> String? {
        access(path, R_OK) == 0 ? nil : lastError
    }

    /// Brings a file's content, or a folder's names, to the disk; the reason why not, or nil.
    static func synchronize(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return lastError }
        defer { close(descriptor) }
        return fsync(descriptor) == 0 ? nil : lastError
    }

    /// Moves a file onto a name in the same folder, replacing what stands there; the reason why not, or nil.
    static func rename(_ source: String, to destination: String) -> String? {
        Glibc.rename(source, destination) == 0 ? nil : lastError
    }

    /// Removes a file if it is there.
    static func remove(_ path: String) { unlink(path) }

    private static var lastError: String { String(cString: strerror(errno)) }
}
