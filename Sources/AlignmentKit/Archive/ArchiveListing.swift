/// What an archive holds, object by object, without the elements of its tensors.
public struct ArchiveListing: Sendable {
    /// One name of an object.
    public struct Entry: Sendable {
        /// The path inside the archive.
        public let path: String
        /// What stands there.
        public let content: Content
        /// The name under which the object was listed before; nil for its first.
        public let firstName: String?
        /// The layout's row for the path; nil for groups, and outside the format.
        public let row: LayoutRow?
        /// Whether the format has such an object at this place.
        public let isInterpreted: Bool
    }

    /// What stands at a path.
    public enum Content: Sendable {
        case group
        /// A tensor or a `None`.
        case tensor(TensorAttributes)
        /// A JSON document, or another text, and its length in bytes.
        case text(byteCount: Int, isJSON: Bool)
        /// Something that cannot be read, and why.
        case unreadable(ArchiveError)
    }

    /// Every name, groups before what they hold, in the order of the archive. A group that was listed
    /// before is not entered again.
    public private(set) var entries: [Entry] = []
    private let reader: ArchiveReader
    private var seen: [UInt64: String] = [:]

    /// Lists an archive.
    ///
    /// - Throws: `ArchiveError` if the root cannot be listed, or the archive holds too many objects.
    public init(of reader: ArchiveReader) throws(ArchiveError) {
        self.reader = reader
        if let address = reader.address(of: "/") { seen[address] = "/" }
        for name in try reader.children(of: "/") { try visit("/" + name, LayoutNode.root.child(name)) }
    }

    private mutating func visit(_ path: String, _ node: LayoutNode?) throws(ArchiveError) {
        guard entries.count < reader.limits.objects else {
            throw ArchiveError(
                file: reader.file, path: path,
                .overLimit(.objects, found: "more", allowed: "\(reader.limits.objects)"))
        }
        var firstName: String?
        if let address = reader.address(of: path) {
            firstName = seen[address]
            if firstName == nil { seen[address] = path }
        }
        let (content, names) = contentAndNames(of: path, isNew: firstName == nil)
        entries.append(
            Entry(
                path: path, content: content, firstName: firstName, row: node?.row, isInterpreted: node != nil
            ))
        for name in names { try visit("\(path)/\(name)", node?.child(name)) }
    }

    /// What stands at a path and, in a group that is to be entered, the names in it.
    private func contentAndNames(of path: String, isNew: Bool) -> (Content, [String]) {
        do throws(ArchiveError) {
            let content = try content(of: path)
            guard case .group = content, isNew else { return (content, []) }
            return (content, try reader.children(of: path))
        } catch { return (.unreadable(error), []) }
    }

    private func content(of path: String) throws(ArchiveError) -> Content {
        switch try reader.kind(of: path) {
        case .group: return .group
        case .tensor, .pythonNone: return .tensor(try reader.attributes(at: path))
        case .json:
            return .text(byteCount: try reader.jsonText(at: path).utf8.count, isJSON: path.hasSuffix(".json"))
        case .missing: throw ArchiveError(file: reader.file, path: path, .missing)
        }
    }
}
