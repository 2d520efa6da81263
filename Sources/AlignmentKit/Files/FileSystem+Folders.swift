internal import Glibc

extension FileSystem {
    /// The names in a folder but `.` and `..`, in no order; throws if one is not UTF-8.
    package static func names(in folder: String) throws(FileFailure) -> [String] {
        guard let stream = opendir(folder) else { throw .system(lastError) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name else { throw .system("a name in it is not UTF-8; rename that file") }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw .system(lastError) }
        return names
    }

    /// Whether a symbolic link stands at a path.
    package static func isSymbolicLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Makes a folder where nothing stands; its own must be there.
    package static func makeFolder(_ path: String) throws(FileFailure) {
        guard mkdir(path, 0o777) == 0 else { throw .system(lastError) }
    }

    /// Makes a folder and those around it, as far as they are not there.
    package static func makeFolders(_ path: String) throws(FileFailure) {
        guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, path.utf8.contains(UInt8(ascii: "/")) else { throw .system(lastError) }
        try makeFolders(AtomicFile.folder(of: path))
        try makeFolder(path)
    }

    /// Brings the names in a folder and in those inside it to the disk.
    static func synchronizeFolders(_ path: String) throws(FileFailure) {
        for name in try names(in: path) {
            if case .directory = entry(at: "\(path)/\(name)") { try synchronizeFolders("\(path)/\(name)") }
        }
        try synchronize(path)
    }
}
