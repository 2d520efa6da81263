extension LogPattern {
    /// The values of a message that says this; nil for one that does not.
    func match(_ message: LineBytes) -> LogValues? {
        guard case .literal(let first) = pieces[0] else { return nil }
        var start = message.startIndex
        while let found = message.firstIndex(of: first, from: start) {
            var scanner = ByteScanner(message, at: found + first.count)
            if let values = values(&scanner) { return values }
            start = found + 1
        }
        return nil
    }

    private func values(_ scanner: inout ByteScanner) -> LogValues? {
        var values: LogValues = [:]
        for (index, piece) in pieces.enumerated().dropFirst() {
            switch piece {
            case .literal(let bytes): guard scanner.take(bytes) else { return nil }
            case .punctuation: scanner.take(while: Self.isPunctuation)
            case .value(let name, let kind):
                let following: Piece? = index + 1 < pieces.count ? pieces[index + 1] : nil
                guard let value = scanner.value(kind, before: following),
                    !kind.isNumber || following?.beginsInWord == true || scanner.isAtNumberEnd
                else { return nil }
                values[name] = value
            }
        }
        return values
    }

    /// What printers of structures set around keys and values.
    private static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: ":"),
            UInt8(ascii: "="), UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "<"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension LogPattern.Kind {
    fileprivate var isNumber: Bool {
        switch self {
        case .int, .ints, .float, .floats: true
        case .shape, .bool, .word, .text: false
        }
    }
}

extension LogPattern.Piece {
    /// Whether it is text that begins in a letter, as a unit does.
    fileprivate var beginsInWord: Bool {
        guard case .literal(let bytes) = self else { return false }
        return bytes.first?.isWordByte == true
    }
}

extension ByteScanner {
    fileprivate mutating func value(_ kind: LogPattern.Kind, before following: LogPattern.Piece?) -> LogValue?
    {
        switch kind {
        case .int: wrapped { $0.integer() }.map { .integers([$0]) }
        case .float: wrapped { $0.number() }.map { .numbers([$0]) }
        case .ints: list { $0.wrapped { $0.integer() } }.map(LogValue.integers)
        case .floats: list { $0.wrapped { $0.number() } }.map(LogValue.numbers)
        case .shape: shape().map(LogValue.shape)
        case .bool: truth().map(LogValue.flag)
        case .word: text(take { !$0.isSpace })
        case .text: text(upTo: following)
        }
    }

    private func text(_ bytes: LineBytes) -> LogValue? {
        bytes.isEmpty ? nil : .text(String(decoding: bytes, as: UTF8.self))
    }

    private mutating func text(upTo following: LogPattern.Piece?) -> LogValue? {
        guard case .literal(let bytes) = following else { return text(take { _ in true }) }
        guard let end = self.bytes.firstIndex(of: bytes, from: position) else { return nil }
        defer { position = end }
        return text(self.bytes[position..<end])
    }

    private mutating func truth() -> Bool? {
        let word = String(decoding: take(while: \.isWordByte), as: UTF8.self)
        return switch word {
        case "True", "true": true
        case "False", "false": false
        default: nil
        }
    }

    /// Whether a number ends here and does not go on as a word or a further number.
    fileprivate var isAtNumberEnd: Bool {
        guard let next else { return true }
        if next == UInt8(ascii: ".") { return rest.dropFirst().first?.isDigit != true }
        return !next.isWordByte && next < 0x80
    }

    /// A number, also as `tensor(1)` or `np.float32(1)`.
    private mutating func wrapped<Value>(_ number: (inout ByteScanner) -> Value?) -> Value? {
        let start = position
        var value = number(&self)
        if value == nil {
            let name = take { $0.isWordByte || $0 == UInt8(ascii: ".") }
            guard !name.isEmpty, take("("), let inner = number(&self) else {
                position = start
                return nil
            }
            take { $0 != UInt8(ascii: ")") }
            guard take(")") else { return nil }
            value = inner
        }
        return value
    }

    private mutating func list<Value>(_ element: (inout ByteScanner) -> Value?) -> [Value]? {
        var values: [Value] = []
        repeat {
            guard let value = element(&self), values.count < 64 else { return nil }
            values.append(value)
        } while take("/")
        return values
    }

    /// `torch.Size([8, 95])`, `(8, 95)`, `[8, 95]` or `8x95`.
    private mutating func shape() -> [Int]? {
        take { $0.isLetter || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: "[") }
        var sizes: [Int] = []
        while let size = integer() {
            guard size >= 0, sizes.count < 8 else { return nil }
            sizes.append(size)
            if !take("x") {
                guard take(",") else { break }
                skipSpaces()
            }
        }
        take { $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: ")") }
        return sizes.isEmpty ? nil : sizes
    }
}
