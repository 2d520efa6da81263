internal import AlignmentJSON

/// What a JSON document of an archive must hold.
public enum JSONRule: Sendable {
    /// An object with these fields; an open one may hold others.
    case object([JSONField], isOpen: Bool)
    /// A list of anything.
    case list
    /// A captured profile: a flat object whose keys are `<stage>.<knob>`.
    case profile

    /// An object of which the format fixes nothing.
    static let anything = JSONRule.object([], isOpen: true)
}

/// One field of a JSON document.
public struct JSONField: Sendable, Hashable {
    /// Its key.
    public let name: String
    /// What its value may be.
    public let types: [JSONType]
    /// Whether it must be there.
    public let isRequired: Bool
    /// The texts that it may be; none listed allows all.
    public let texts: [String]

    init(_ name: String, _ types: JSONType..., isRequired: Bool = false, texts: [String] = []) {
        self.name = name
        self.types = types
        self.isRequired = isRequired
        self.texts = texts
    }

    /// What is allowed, for people: `integer or null`; `one of` its texts where it is nothing else.
    public var expectation: String {
        types == [.string] && !texts.isEmpty
            ? textExpectation : types.map(\.rawValue).joined(separator: " or ")
    }

    /// What a text may be, and what may stand in its place.
    private var textExpectation: String {
        let others = types.filter { $0 != .string }.map(\.rawValue)
        return "one of " + ([texts.joined(separator: ", ")] + others).joined(separator: " or ")
    }
}

/// The types of JSON values; a number that is whole counts as an integer.
public enum JSONType: String, Sendable, Hashable {
    case null, boolean, integer, number, string, list, object
}

extension JSONRule {
    /// What a document has that the rule does not allow, and lacks that it asks for.
    func problems(of document: JSONValue) -> [ArchiveVerification.Problem] {
        switch self {
        case .list:
            return document.array == nil
                ? [.wrongDocument(expected: "list", found: document.type.rawValue)] : []
        case .profile:
            guard let members = document.object else {
                return [.wrongDocument(expected: "object", found: document.type.rawValue)]
            }
            return members.sorted { $0.key < $1.key }.filter { $0.value.object != nil }
                .map { .malformedField($0.key, expected: "a value that is no object", found: "object") }
        case .object(let fields, let isOpen):
            guard let members = document.object else {
                return [.wrongDocument(expected: "object", found: document.type.rawValue)]
            }
            let known = Set(fields.map(\.name))
            let unknown = isOpen ? [] : members.keys.filter { !known.contains($0) }.sorted()
            return fields.compactMap { $0.problem(in: members) } + unknown.map { .unknownField($0) }
        }
    }
}

extension JSONField {
    fileprivate func problem(in members: [String: JSONValue]) -> ArchiveVerification.Problem? {
        guard let value = members[name] else { return isRequired ? .missingField(name) : nil }
        let fits = types.contains { type in
            type == value.type || type == .integer && value.int != nil
                || type == .number && value.type == .integer
        }
        guard fits else { return .malformedField(name, expected: expectation, found: value.type.rawValue) }
        if let text = value.string, !texts.isEmpty, !texts.contains(text) {
            return .malformedField(name, expected: textExpectation, found: "\"\(text)\"")
        }
        return nil
    }
}

extension JSONValue {
    /// What kind of value this is.
    var type: JSONType {
        switch self {
        case .null: .null
        case .bool: .boolean
        case .integer: .integer
        case .number: .number
        case .string: .string
        case .array: .list
        case .object: .object
        }
    }
}
