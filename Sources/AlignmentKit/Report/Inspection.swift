import AlignmentArchive

/// What an archive holds, object by object.
public struct Inspection: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The archive's path, as given.
    public var path: String
    /// Version of the archive's format.
    public var formatVersion: Int
    /// The archive's UUID.
    public var id: String?
    /// When it was made, ISO 8601.
    public var createdAt: String?
    /// What made it, name and version.
    public var createdBy: String?
    /// Tensors and JSON documents, in the archive's order.
    public var entries: [Entry]

    /// One object.
    public struct Entry: Sendable, Codable {
        /// Its path.
        public var path: String
        /// `tensor`, `none` or `json`.
        public var kind: String
        /// Its shape.
        public var shape: [Int]?
        /// Its element type.
        public var dtype: String?
        /// Its size in memory, in bytes.
        public var byteCount: Int?
        /// The recorded hash of its elements.
        public var sha256: String?
    }

    /// Looks through an archive; elements are not read.
    public init(file: String) throws {
        let reader = try ArchiveReader(file: file)
        path = file
        formatVersion = reader.header.version
        id = reader.header.id
        createdAt = reader.header.createdAt
        createdBy = reader.header.createdBy
        entries = []
        try visit("", of: reader)
    }

    private mutating func visit(_ group: String, of reader: ArchiveReader) throws {
        for name in try reader.children(of: group.isEmpty ? "/" : group) {
            let path = group + "/" + name
            switch try reader.kind(of: path) {
            case .group: try visit(path, of: reader)
            case .json:
                entries.append(
                    Entry(path: path, kind: "json", byteCount: try reader.jsonText(at: path).utf8.count))
            case .tensor, .pythonNone:
                let attributes = try reader.attributes(at: path)
                entries.append(
                    Entry(
                        path: path, kind: attributes.dtype == nil ? "none" : "tensor",
                        shape: attributes.shape?.extents, dtype: attributes.dtype?.rawValue,
                        byteCount: attributes.dtype.flatMap { dtype in
                            attributes.shape.map { $0.elementCount * dtype.byteCount }
                        },
                        sha256: attributes.sha256))
            case .missing: break
            }
        }
    }

    /// The contents for people.
    public var document: Document {
        var document = Document()
        document.heading(1, path)
        document.paragraph(
            "Format \(formatVersion), made by \(createdBy ?? "an unnamed writer") at \(createdAt ?? "an unknown time"), "
                + "id \(id ?? "none").")
        document.table(
            ["object", "type", "shape", "bytes"],
            entries.map { entry in
                [
                    entry.path, entry.dtype ?? entry.kind, entry.shape.map { "\($0)" } ?? "-",
                    entry.byteCount.map(String.init) ?? "-",
                ]
            })
        return document
    }
}
