internal import AlignmentJSON
internal import CHDF5
internal import FoundationEssentials

/// JSON documents as the texts that archives hold.
enum JSONDataset {
    static func parse(
        _ text: String, at location: Location, limits: ArchiveLimits
    ) throws(ArchiveError) -> JSONValue {
        // A parser takes a hundred times as long as this look does.
        let extent = JSONText.extent(of: text.utf8)
        try location.limit(extent.depth, to: limits.jsonDepth, .jsonDepth)
        try location.limit(extent.values, to: limits.jsonValues, .jsonValues)
        do { return try JSONText.parse(Data(text.utf8)) } catch {
            throw location.error(.malformedText("it is not JSON"))
        }
    }

    static func text(of value: JSONValue, at location: Location) throws(ArchiveError) -> String {
        do { return String(decoding: try JSONText.encode(value), as: UTF8.self) } catch {
            throw location.error(.malformedText("it cannot be written as JSON"))
        }
    }
}

extension StoredDataset {
    /// Reads the text of a scalar dataset of texts.
    func text(limits: ArchiveLimits) throws(ArchiveError) -> String {
        let id = dataset.id
        let stored = StoredText(
            type: try location.own(H5Tcopy(type.id), "read"),
            space: try location.own(H5Scopy(space.id), "read"), location: location,
            limit: (limits.jsonBytes, .jsonBytes))
        return try stored.read { type, list, buffer in
            H5Dread(id, type, chdf5_whole_space(), chdf5_whole_space(), list, buffer)
        }
    }
}
