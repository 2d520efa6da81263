public import AlignmentJSON
internal import CHDF5

extension ArchiveReader {
    /// The JSON document at a path.
    public func json(at path: String) throws(ArchiveError) -> JSONValue {
        let text = try jsonText(at: path)
        return try JSONDataset.parse(text, at: Location(file: file, path: path), limits: limits)
    }

    /// The JSON document at a path, or nil if nothing stands there.
    public func jsonIfPresent(at path: String) throws(ArchiveError) -> JSONValue? {
        try contains(path) ? try json(at: path) : nil
    }

    /// The text at a path as it stands: plain text, or a JSON document that is not parsed.
    public func jsonText(at path: String) throws(ArchiveError) -> String {
        let location = Location(file: file, path: path)
        return try Library.locked { () throws(ArchiveError) in
            let object = try open(path, location)
            if H5Iget_type(object.id) == H5I_GROUP {
                throw location.error(.wrongKind(expected: .json, found: .group))
            }
            let dataset = try dataset(object, location)
            let kind = try dataset.kind()
            guard kind == .json else { throw location.error(.wrongKind(expected: .json, found: kind)) }
            return try dataset.text(limits: limits)
        }
    }
}
