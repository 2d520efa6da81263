/// A file that appears under its name only when it is whole.
///
/// It is written under a temporary name in the same folder, so that it can be renamed, and removed when this
/// value goes away without having been published; what stood under the name before then stays.
package struct AtomicFile: ~Copyable, Sendable {
    /// The temporary name, where an empty file stands from the start.
    package let path: String
    private let destination: String

    /// Makes the temporary file.
    package init(replacing destination: String) throws(FileFailure) {
        switch FileSystem.entry(at: destination) {
        case .directory: throw .notAFile("a folder")
        case .other: throw .notAFile("a device or a pipe")
        case .missing, .file, .unreachable: break
        }
        let folder = Self.folder(of: destination)
        guard case .directory = FileSystem.entry(at: folder) else { throw .noFolder(folder) }
        let base = destination.split(separator: "/").last ?? ""
        let mark = String(UInt64.random(in: .min ... .max), radix: 36)
        let path = "\(folder)/.\(base.prefix(48)).\(mark).partial"
        try FileSystem.create(path)
        self.path = path
        self.destination = destination
    }

    /// Brings the content, which must be written and closed, to the disk and gives the file its name.
    package consuming func publish() throws(FileFailure) {
        try FileSystem.synchronize(path)
        try FileSystem.rename(path, to: destination)
        try FileSystem.synchronize(Self.folder(of: destination))
    }

    deinit { FileSystem.remove(path) }

    package static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
