/// Reads along a line's bytes.
struct ByteScanner {
    let bytes: LineBytes
    /// The next byte's index.
    var position: Int

    init(_ bytes: LineBytes) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    init(_ bytes: LineBytes, at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// The next byte; nil at the end.
    var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    /// What has not been read.
    var rest: LineBytes { bytes[position...] }

    /// Passes one byte if it comes next.
    mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    /// Passes these bytes if they come next.
    mutating func take(_ literal: [UInt8]) -> Bool {
        guard bytes.endIndex - position >= literal.count else { return false }
        for offset in 0..<literal.count where bytes[position + offset] != literal[offset] { return false }
        position += literal.count
        return true
    }

    /// Passes all bytes that a condition holds for and gives them.
    @discardableResult
    mutating func take(while condition: (UInt8) -> Bool) -> LineBytes {
        let start = position
        while position < bytes.endIndex, condition(bytes[position]) { position += 1 }
        return bytes[start..<position]
    }

    /// Passes spaces.
    mutating func skipSpaces() { take { $0 == 0x20 || $0 == 0x09 } }

    /// Passes exactly so many digits.
    mutating func takeDigits(_ count: Int) -> Bool {
        guard bytes.endIndex - position >= count else { return false }
        for offset in 0..<count where !bytes[position + offset].isDigit { return false }
        position += count
        return true
    }

    /// A whole number with its sign; nil, and nothing passed, where none comes next.
    mutating func integer() -> Int? {
        let start = position
        if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { position += 1 }
        let digits = take(while: \.isDigit)
        guard !digits.isEmpty, let value = Int(String(decoding: bytes[start..<position], as: UTF8.self))
        else {
            position = start
            return nil
        }
        return value
    }

    /// A number in any form that Python prints; nil, and nothing passed, where none comes next.
    mutating func number() -> Double? {
        let start = position
        if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { position += 1 }
        let isNegative = position > start && bytes[start] == UInt8(ascii: "-")
        if next?.isLetter == true {
            let word = String(decoding: take(while: \.isLetter), as: UTF8.self).lowercased()
            switch word {
            case "nan": return .nan
            case "inf", "infinity": return isNegative ? -.infinity : .infinity
            default:
                position = start
                return nil
            }
        }
        var digits = take(while: \.isDigit).count
        if next == UInt8(ascii: ".") {
            position += 1
            digits += take(while: \.isDigit).count
        }
        if digits > 0, let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            let mark = position
            position += 1
            if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { position += 1 }
            if take(while: \.isDigit).isEmpty { position = mark }
        }
        guard digits > 0, let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            position = start
            return nil
        }
        return value
    }
}

extension UInt8 {
    /// One of 0 to 9.
    var isDigit: Bool { 0x30 <= self && self <= 0x39 }
    /// An ASCII letter.
    var isLetter: Bool { 0x61 <= self | 0x20 && self | 0x20 <= 0x7A }
    /// What Python's names are made of.
    var isWordByte: Bool { isDigit || isLetter || self == UInt8(ascii: "_") }
    /// An ASCII space of any kind.
    var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}

extension LineBytes {
    /// Where these bytes begin first, from an index on; nil if they are not there.
    func firstIndex(of literal: [UInt8], from start: Int) -> Int? {
        guard let first = literal.first, endIndex - start >= literal.count else { return nil }
        var position = start
        let last = endIndex - literal.count
        while position <= last {
            if self[position] == first {
                var length = 1
                while length < literal.count, self[position + length] == literal[length] { length += 1 }
                if length == literal.count { return position }
            }
            position += 1
        }
        return nil
    }

    /// Whether these bytes stand anywhere.
    func contains(_ literal: [UInt8]) -> Bool { firstIndex(of: literal, from: startIndex) != nil }

    /// Without spaces at both ends.
    var trimmed: LineBytes {
        guard let first = firstIndex(where: { !$0.isSpace }), let last = lastIndex(where: { !$0.isSpace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
