internal import FoundationEssentials

/// Reads JSON as the standard has it, and nothing else: a key that stands twice, a number that no `Double` holds
/// and text after the end are errors with their place.
public struct StrictJSON {
    /// Why a text is no JSON, and where.
    public struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        /// The line, counted from 1.
        public let line: Int
        /// The byte of the line, counted from 1.
        public let column: Int
        /// What was found, in one clause.
        public let what: String

        /// The place and what was found there.
        public var description: String { "line \(line), byte \(column): \(what)" }
    }

    private let bytes: [UInt8]
    private let depthLimit: Int
    private var position = 0

    /// The document that these bytes hold; throws also where lists and objects nest deeper than `depthLimit`.
    public static func parse(_ bytes: [UInt8], depthLimit: Int = 64) throws(Problem) -> JSONValue {
        var parser = StrictJSON(bytes: bytes, depthLimit: depthLimit)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw parser.problem("the text is not UTF-8")
        }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else {
            throw parser.problem("more text after the document's end")
        }
        return value
    }

    private init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func problem(_ what: String) -> Problem {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return Problem(line: line, column: before.count - start + 1, what: what)
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(Problem) -> JSONValue {
        guard depth < depthLimit else { throw problem("lists and objects nest deeper than \(depthLimit)") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw problem("the text ends where a value was expected")
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(Problem) -> [String: JSONValue] {
        position += 1
        var members: [String: JSONValue] = [:]
        // By bytes: "é" in one and in two code points are two keys, and Swift's strings call them equal.
        var keys: Set<[UInt8]> = []
        if take("}") { return members }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw problem("a key in double quotes was expected") }
            let key = try string()
            guard keys.insert(Array(key.utf8)).inserted, members[key] == nil else {
                throw problem("the key \"\(key)\" stands twice")
            }
            guard take(":") else { throw problem("a colon was expected after the key \"\(key)\"") }
            members[key] = try value(depth: depth + 1)
        } while take(",")
        guard take("}") else { throw problem("a comma or } was expected") }
        return members
    }

    private mutating func array(depth: Int) throws(Problem) -> [JSONValue] {
        position += 1
        var elements: [JSONValue] = []
        if take("]") { return elements }
        repeat { elements.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw problem("a comma or ] was expected") }
        return elements
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Problem) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw problem("a value was expected") }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(Problem) -> JSONValue {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let isZero = next == UInt8(ascii: "0")
        guard let whole = digits(), !isZero || whole == 1 else {
            position = start
            throw problem("a value was expected")
        }
        var isInteger = true
        if next == UInt8(ascii: ".") {
            position += 1
            isInteger = false
            guard digits() != nil else { throw problem("a digit was expected") }
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            isInteger = false
            if let sign = next, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(sign) { position += 1 }
            guard digits() != nil else { throw problem("a digit was expected") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw problem("the number \(text) is too large")
        }
        return .number(value)
    }

    /// How many digits stand next; nil for none.
    private mutating func digits() -> Int? {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position > start ? position - start : nil
    }
}

// MARK: Texts

extension StrictJSON {
    private mutating func string() throws(Problem) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += String(try escaped()).utf8
            case 0..<0x20: throw problem("a control character stands unescaped in a text")
            default: text.append(byte)
            }
        }
        throw problem("the text ends inside double quotes")
    }

    private mutating func escaped() throws(Problem) -> Unicode.Scalar {
        guard let byte = next else { throw problem("the text ends inside double quotes") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw problem("an unknown escape in a text")
        }
    }

    private mutating func unicodeEscape() throws(Problem) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // The first of two halves of a code point above U+FFFF.
        guard (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: "\\u".utf8) else {
            throw problem("half a surrogate pair in a text")
        }
        position += 2
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw problem("half a surrogate pair in a text") }
        return scalar
    }

    private mutating func hexadecimal() throws(Problem) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.count == 4, text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(text, radix: 16)
        else { throw problem("four hexadecimal digits were expected after \\u") }
        position += 4
        return value
    }
}
