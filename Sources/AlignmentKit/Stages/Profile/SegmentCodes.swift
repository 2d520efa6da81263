public import AlignmentJSON

/// In what form the sample carries the codes of its segments.
public enum SegmentCodes: KnobValue {
    /// As the codec gave them.
    case asEncoded
    /// With BOS and EOS columns and the delay, which the collator adds once more.
    case delayed
    /// With the delay, its BOS and EOS in the ramps only.
    case delayedBare
    /// These codebooks, in this order; negative ones count from the last, as in Python.
    case codebooks([Int])
    /// Whatever the pipeline put there.
    case asBuilt

    private static let names: [(String, SegmentCodes)] = [
        ("as-encoded", .asEncoded), ("delayed", .delayed), ("delayed-bare", .delayedBare),
        ("as-built", .asBuilt),
    ]

    /// What a profile may write.
    public static var expectation: String {
        "one of " + names.map { "\"\($0.0)\"" }.joined(separator: ", ") + ", or a list of codebooks"
    }

    /// JSON Schema of a name or a list of codebooks.
    public static var schema: [String: JSONValue] {
        ["anyOf": .array([.object(["enum": .array(names.map(\.0.json))]), .object([Int].schema)])]
    }

    /// A name, or a list of codebooks.
    public init?(json: JSONValue) {
        if let named = Self.names.first(where: { json == .string($0.0) }) {
            self = named.1
        } else if let order = [Int](json: json) {
            self = .codebooks(order)
        } else {
            return nil
        }
    }

    /// A name, or a list of codebooks.
    public var json: JSONValue {
        if case .codebooks(let order) = self { return order.json }
        return Self.names.first { $0.1 == self }?.0.json ?? .null
    }
}
