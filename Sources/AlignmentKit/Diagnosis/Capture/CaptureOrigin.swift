internal import AlignmentJSON

/// Where a capture comes from, as its archive says.
public struct CaptureOrigin: Sendable, Equatable, Codable {
    /// The archive's UUID.
    public var id: String
    /// What wrote it, name and version.
    public var createdBy: String
    /// Versions, device, seed, command line, as recorded: a flat list of keys and values as JSON text.
    public var provenance: [Entry]

    /// One recorded fact.
    public struct Entry: Sendable, Equatable, Codable {
        /// The keys that lead to it, with dots between them.
        public var key: String
        /// Text as it stands, anything else as JSON.
        public var value: String
    }

    /// The origin of a capture.
    public init(_ capture: Capture) {
        id = capture.id
        createdBy = capture.createdBy
        provenance = (capture.provenance?.leaves ?? [:]).sorted { $0.key < $1.key }.map { key, value in
            if case .string(let text) = value { return Entry(key: key, value: text) }
            return Entry(key: key, value: value.compactText)
        }
    }
}
