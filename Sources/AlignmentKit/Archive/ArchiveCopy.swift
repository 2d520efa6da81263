/// Copies an archive object by object, without some of them and with others in their place.
public struct ArchiveCopy: Sendable {
    private let reader: ArchiveReader
    private let listing: ArchiveListing

    /// A copy of an open archive.
    ///
    /// - Throws: `ArchiveError` if the archive cannot be listed.
    public init(of reader: ArchiveReader) throws(ArchiveError) {
        self.reader = reader
        listing = try ArchiveListing(of: reader)
    }

    /// Writes the tensors and texts whose paths are kept. A second name of an object becomes an object of its own.
    ///
    /// - Parameter keeps: whether an object is copied, by its path from the root, which begins with a slash.
    /// - Throws: `ArchiveError` for what cannot be read or written.
    public func write(
        into writer: borrowing ArchiveWriter, where keeps: (String) -> Bool
    ) throws(ArchiveError) {
        for entry in listing.entries where keeps(entry.path) {
            switch entry.content {
            case .group: break
            case .tensor(let attributes):
                try writer.write(
                    try reader.tensor(at: entry.path), at: entry.path, labels: attributes.labels)
            case .text: try writer.writeJSON(text: try reader.jsonText(at: entry.path), at: entry.path)
            case .unreadable(let error): throw error
            }
        }
    }

    /// Bytes that the tensors whose paths are kept take in the file.
    public func storedBytes(where keeps: (String) -> Bool) -> Int {
        listing.entries.reduce(0) { sum, entry in
            guard keeps(entry.path), case .tensor(let attributes) = entry.content else { return sum }
            return sum + attributes.storedBytes
        }
    }
}
