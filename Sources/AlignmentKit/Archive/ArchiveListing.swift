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
        if let address = try reader.object(at: "/").address { seen[address] = "/" }
        for name in try reader.children(of: "/") { try visit("/" + name, LayoutNode.root.child(name)) }
    }

    private mutating func visit(_ path: String, _ node: LayoutNode?) throws(ArchiveError) {
        guard entries.count < reader.limits.objects else {
            throw ArchiveError(
                file: reader.file, path: path,
                .overLimit(.objects, found: "more", allowed: "\(reader.limits.objects)"))
        }
        var firstName: String?
        let content: Content
        var names: [String] = []
        switch object(path) {
        case .failure(let error): content = .unreadable(error)
        case .success(let object):
            if let address = object.address {
                firstName = seen[address]
                if firstName == nil { seen[address] = path }
            }
            (content, names) = contentAndNames(of: path, object.kind, isNew: firstName == nil)
        }
        entries.append(
            Entry(
                path: path, content: content, firstName: firstName, row: node?.row, isInterpreted: node != nil
            ))
        for name in names { try visit("\(path)/\(name)", node?.child(name)) }
    }

    private func object(_ path: String) -> Result<StoredObject, ArchiveError> {
        do throws(ArchiveError) { return .success(try reader.object(at: path)) } catch {
            return .failure(error)
        }
    }

    /// What stands at a path and, in a group that is to be entered, the names in it.
    private func contentAndNames(of path: String, _ kind: ObjectKind, isNew: Bool) -> (Content, [String]) {
        do throws(ArchiveError) {
            switch kind {
            case .group: return (.group, isNew ? try reader.children(of: path) : [])
            case .tensor, .pythonNone: return (.tensor(try reader.attributes(at: path)), [])
            case .json:
                let text = try reader.jsonText(at: path)
                return (.text(byteCount: text.utf8.count, isJSON: path.hasSuffix(".json")), [])
            case .missing: throw ArchiveError(file: reader.file, path: path, .missing)
            }
        } catch { return (.unreadable(error), []) }
    }
}
