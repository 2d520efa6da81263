public struct Verification: Sendable, Codable {
    public init(file: String) throws {}
    public var document: Document { Document() }
}
