internal import AlignmentJSON

/// A value that a rule found in a line.
enum LogValue: Sendable, Hashable {
    /// Whole numbers; several where the line holds `a/b`.
    case integers([Int])
    /// Numbers, NaN and infinity among them; several where the line holds `a/b`.
    case numbers([Double])
    /// A tensor's shape.
    case shape([Int])
    /// A truth value.
    case flag(Bool)
    /// Text, not made harmless yet.
    case text(String)

    /// As a report holds it: one number alone, text cut and harmless.
    var json: JSONValue {
        switch self {
        case .integers(let values):
            values.count == 1 ? .integer(values[0]) : .array(values.map(JSONValue.integer))
        case .numbers(let values):
            values.count == 1 ? .number(values[0]) : .array(values.map(JSONValue.number))
        case .shape(let sizes): .array(sizes.map(JSONValue.integer))
        case .flag(let value): .bool(value)
        case .text(let text): .string(LogText.excerpt(text))
        }
    }
}

/// The values of a line by their names.
typealias LogValues = [String: LogValue]

extension LogValues {
    /// The first whole number of that name.
    func integer(_ name: String) -> Int? { integers(name).first }

    /// The whole numbers of that name.
    func integers(_ name: String) -> [Int] {
        guard case .integers(let values) = self[name] else { return [] }
        return values
    }

    /// The first number of that name.
    func number(_ name: String) -> Double? { numbers(name).first }

    /// The numbers of that name, whole or not.
    func numbers(_ name: String) -> [Double] {
        switch self[name] {
        case .numbers(let values): values
        case .integers(let values): values.map(Double.init)
        default: []
        }
    }

    /// The shape of that name.
    func shape(_ name: String) -> [Int]? {
        guard case .shape(let sizes) = self[name] else { return nil }
        return sizes
    }

    /// The truth value of that name.
    func flag(_ name: String) -> Bool? {
        guard case .flag(let value) = self[name] else { return nil }
        return value
    }

    /// The text of that name.
    func text(_ name: String) -> String? {
        guard case .text(let text) = self[name] else { return nil }
        return text
    }
}
