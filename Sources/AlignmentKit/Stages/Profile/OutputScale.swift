public import AlignmentJSON

/// What a waveform is scaled by.
public enum OutputScale: KnobValue {
    /// Multiplied by a number.
    case factor(Double)
    /// Divided by its largest magnitude.
    case peak

    /// What a profile may write.
    public static var expectation: String { "a number, or \"peak\"" }

    /// JSON Schema of a number or the name.
    public static var schema: [String: JSONValue] {
        ["anyOf": .array([.object(Double.schema), .object(["enum": .array([.string("peak")])])])]
    }

    /// A number, or the name.
    public init?(json: JSONValue) {
        if json == .string("peak") {
            self = .peak
        } else if let factor = Double(json: json) {
            self = .factor(factor)
        } else {
            return nil
        }
    }

    /// A number, or the name.
    public var json: JSONValue {
        switch self {
        case .factor(let factor): factor.json
        case .peak: .string("peak")
        }
    }
}
