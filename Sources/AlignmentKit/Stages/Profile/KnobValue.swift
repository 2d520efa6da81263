public import AlignmentJSON

/// A value that a knob can have, and how a profile writes it.
public protocol KnobValue: Equatable, Sendable {
    /// What a profile may write, for messages: "a whole number".
    static var expectation: String { get }
    /// The same as JSON Schema.
    static var schema: [String: JSONValue] { get }
    /// The value that this JSON stands for; nil if it stands for none.
    init?(json: JSONValue)
    /// The value as a profile writes it.
    var json: JSONValue { get }
}

extension Bool: KnobValue {
    /// What a profile may write.
    public static var expectation: String { "true or false" }
    /// JSON Schema of what a profile may write.
    public static var schema: [String: JSONValue] { ["type": .string("boolean")] }
    /// A JSON truth value.
    public init?(json: JSONValue) {
        guard let value = json.bool else { return nil }
        self = value
    }
    /// A JSON truth value.
    public var json: JSONValue { .bool(self) }
}

extension Int: KnobValue {
    /// What a profile may write.
    public static var expectation: String { "a whole number" }
    /// JSON Schema of what a profile may write.
    public static var schema: [String: JSONValue] { ["type": .string("integer")] }
    /// A JSON number that is whole.
    public init?(json: JSONValue) {
        guard let value = json.int else { return nil }
        self = value
    }
    /// A JSON number.
    public var json: JSONValue { .integer(self) }
}

extension Double: KnobValue {
    /// What a profile may write.
    public static var expectation: String { "a number" }
    /// JSON Schema of what a profile may write.
    public static var schema: [String: JSONValue] { ["type": .string("number")] }
    /// A JSON number.
    public init?(json: JSONValue) {
        guard let value = json.double else { return nil }
        self = value
    }
    /// A JSON number; a whole one is written as an integer, so that 1 and 1.0 are the same value.
    public var json: JSONValue { Int(exactly: self).map(JSONValue.integer) ?? .number(self) }
}

extension String: KnobValue {
    /// What a profile may write.
    public static var expectation: String { "text" }
    /// JSON Schema of what a profile may write.
    public static var schema: [String: JSONValue] { ["type": .string("string")] }
    /// A JSON string.
    public init?(json: JSONValue) {
        guard let value = json.string else { return nil }
        self = value
    }
    /// A JSON string.
    public var json: JSONValue { .string(self) }
}

extension Array: KnobValue where Element: KnobValue {
    /// What a profile may write.
    public static var expectation: String { "a list, each \(Element.expectation)" }
    /// JSON Schema of a list of such values.
    public static var schema: [String: JSONValue] {
        ["type": .string("array"), "items": .object(Element.schema)]
    }
    /// A JSON list whose elements all stand for values.
    public init?(json: JSONValue) {
        guard let elements = json.array else { return nil }
        let values = elements.compactMap(Element.init(json:))
        guard values.count == elements.count else { return nil }
        self = values
    }
    /// A JSON list.
    public var json: JSONValue { .array(map(\.json)) }
}

extension Optional: KnobValue where Wrapped: KnobValue {
    /// What a profile may write.
    public static var expectation: String { "\(Wrapped.expectation), or null" }
    /// JSON Schema of the value's own, with null allowed.
    public static var schema: [String: JSONValue] {
        var schema = Wrapped.schema
        if case .array(let names)? = schema["enum"] { schema["enum"] = .array(names + [.null]) }
        if let type = schema["type"] { schema["type"] = .array([type, .string("null")]) }
        return schema
    }
    /// JSON null is None; anything else must stand for a value.
    public init?(json: JSONValue) {
        if json == .null {
            self = .none
        } else if let value = Wrapped(json: json) {
            self = .some(value)
        } else {
            return nil
        }
    }
    /// JSON null for None.
    public var json: JSONValue { map(\.json) ?? .null }
}

/// A knob with a closed list of named values.
public protocol NamedKnobValue: KnobValue, CaseIterable, RawRepresentable where RawValue == String {}

extension NamedKnobValue {
    /// What a profile may write.
    public static var expectation: String {
        "one of " + allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }
    /// JSON Schema of the names.
    public static var schema: [String: JSONValue] {
        ["enum": .array(allCases.map { .string($0.rawValue) })]
    }
    /// One of the names.
    public init?(json: JSONValue) {
        guard let name = json.string, let value = Self(rawValue: name) else { return nil }
        self = value
    }
    /// The name.
    public var json: JSONValue { .string(rawValue) }
}
