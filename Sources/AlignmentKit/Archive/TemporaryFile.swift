/// The name under which a file is written until it is whole: in the same folder, so that it can be renamed.
///
/// Removed when the value goes away, unless it was published before.
struct TemporaryFile: ~Copyable, Sendable {
    /// The temporary name.
    let path: String
    private let destination: String

    /// Picks a name; creates nothing.
    init(beside destination: String) throws(ArchiveError) {
        let location = Location(file: destination, path: nil)
        if case .directory = FileSystem.entry(at: destination) { throw location.error(.notAFile("a folder")) }
        let folder = Self.folder(of: destination)
        guard case .directory = FileSystem.entry(at: folder) else {
            throw location.error(.system(operation: "written", message: "there is no folder \(folder)"))
        }
        let base = destination.split(separator: "/").last.map(String.init) ?? ""
        let mark = String(UInt64.random(in: .min ... .max), radix: 36)
        self.path = "\(folder)/.\(base.prefix(64)).\(mark).partial"
        self.destination = destination
    }

    /// Brings the closed file to the disk and moves it onto its name.
    func publish(at location: Location) throws(ArchiveError) {
        let why =
            FileSystem.synchronize(path) ?? FileSystem.rename(path, to: destination)
            ?? FileSystem.synchronize(Self.folder(of: destination))
        if let why { throw location.error(.system(operation: "written", message: why)) }
    }

    deinit { FileSystem.remove(path) }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
