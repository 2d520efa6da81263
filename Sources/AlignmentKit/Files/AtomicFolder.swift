internal import FoundationEssentials

/// A folder that appears under its name only when it is whole.
///
/// It is filled under a temporary name beside its own, and removed when this value goes away without having
/// been published. It never takes the place of a folder that holds something.
package struct AtomicFolder: ~Copyable, Sendable {
    /// The temporary name, where an empty folder stands from the start.
    package let path: String
    private let destination: String
    private let parent: String

    /// Makes the temporary folder.
    package init(creating destination: String) throws(FileFailure) {
        let trimmed = destination.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed()
        let name = String(decoding: Array(trimmed), as: UTF8.self)
        guard !name.isEmpty else { throw .system("/ exists already") }
        switch FileSystem.entry(at: name) {
        case .missing: break
        case .directory:
            guard try FileSystem.names(in: name).isEmpty else {
                throw .system("the folder exists already and is not empty; name another one")
            }
        case .file, .other: throw .system("a file of that name exists already; name another one")
        case .unreachable(let why): throw .system(why)
        }
        let parent = AtomicFile.folder(of: name)
        guard case .directory = FileSystem.entry(at: parent) else { throw .noFolder(parent) }
        let base = name.split(separator: "/").last ?? ""
        let mark = String(UInt64.random(in: .min ... .max), radix: 36)
        let path = "\(parent)/.\(base.prefix(48)).\(mark).partial"
        try FileSystem.makeFolder(path)
        self.path = path
        self.parent = parent
        self.destination = name
    }

    /// Brings the names to the disk and gives the folder its own; the files must be on the disk already.
    package consuming func publish() throws(FileFailure) {
        try FileSystem.synchronizeFolders(path)
        try FileSystem.rename(path, to: destination)
        try FileSystem.synchronize(parent)
    }

    deinit {
        // After `publish` nothing stands there.
        try? FileManager.default.removeItem(atPath: path)
    }
}
