/// Reads the Python literal in the header of an `.npy` file: a dict of texts, truth values and a tuple of sizes.
struct NPYLiteral {
    /// A value of the dict.
    enum Value: Equatable {
        case text(String)
        case truth(Bool)
        case sizes([Int])
        /// A list, as structured types are described by.
        case list
    }

    private let text: [UInt8]
    private var position = 0

    /// The dict; nil if the text is none of this kind or a key stands twice.
    static func parse(_ text: [UInt8]) -> [String: Value]? {
        var literal = NPYLiteral(text: text)
        return literal.dict()
    }

    private init(text: [UInt8]) { self.text = text }

    private mutating func dict() -> [String: Value]? {
        guard take("{") else { return nil }
        var members: [String: Value] = [:]
        while !take("}") {
            guard let key = string(), take(":"), let value = value(),
                members.updateValue(value, forKey: key) == nil
            else { return nil }
            // A list is not read to its end: the file is refused for it.
            if value == .list { return members }
            guard take(",") || peek == UInt8(ascii: "}") else { return nil }
        }
        skipSpace()
        return position == text.count ? members : nil
    }

    private mutating func value() -> Value? {
        skipSpace()
        switch peek {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return string().map(Value.text)
        case UInt8(ascii: "["): return .list
        case UInt8(ascii: "("): return sizes().map(Value.sizes)
        case UInt8(ascii: "T"): return word("True") ? .truth(true) : nil
        case UInt8(ascii: "F"): return word("False") ? .truth(false) : nil
        default: return nil
        }
    }

    private mutating func sizes() -> [Int]? {
        guard take("(") else { return nil }
        var sizes: [Int] = []
        while !take(")") {
            skipSpace()
            let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let size = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
            position += digits.count
            sizes.append(size)
            let isFollowed = take(",")
            guard isFollowed || (peek == UInt8(ascii: ")") && sizes.count > 1) else { return nil }
        }
        return sizes
    }

    private mutating func string() -> String? {
        skipSpace()
        guard let quote = peek, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(quote) else { return nil }
        let content = text[(position + 1)...].prefix { $0 != quote }
        guard !content.contains(UInt8(ascii: "\\")), content.endIndex < text.count else { return nil }
        position = content.endIndex + 1
        return String(validating: content, as: UTF8.self)
    }

    private mutating func word(_ word: String) -> Bool {
        guard text[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }
}
