/// Takes a line apart into what the logger put in front and what was said.
enum LinePrefix {
    /// The message and what stood before it; several lines for a JSON object whose message has several.
    static func parse(_ line: LineSplitter.Line) -> [LogLine] {
        parse(line.bytes, number: line.number, isCut: line.isCut)
    }

    static func parse(_ bytes: LineBytes, number: Int, isCut: Bool) -> [LogLine] {
        var scanner = ByteScanner(bytes)
        let containerTime = scanner.containerPrefix()
        if scanner.next == UInt8(ascii: "{"), !isCut,
            let lines = JSONLine.parse(scanner.rest, number: number, time: containerTime)
        {
            return lines
        }
        var line = LogLine(number: number, message: scanner.rest, isCut: isCut)
        for form in [bracketed, levelled, timed, warned] {
            var attempt = scanner
            var candidate = line
            if form(&attempt, &candidate) {
                candidate.message = attempt.rest
                line = candidate
                break
            }
        }
        line.time = line.time ?? containerTime
        return [line]
    }

    /// `[LEVEL|place] time >> message`, `[time ...] message`, `[LEVEL] message`.
    private static func bracketed(_ scanner: inout ByteScanner, _ line: inout LogLine) -> Bool {
        guard scanner.take("[") else { return false }
        if let level = scanner.level(inBrackets: true) {
            line.level = level
            if scanner.take("|") {
                line.place = String(decoding: scanner.take { $0 != UInt8(ascii: "]") }, as: UTF8.self)
                guard scanner.take("]") else { return false }
                scanner.skipSpaces()
                line.time = scanner.time()
                scanner.skipSpaces()
                guard scanner.take(Array(">>".utf8)) else { return false }
                line.format = .transformers
            } else {
                scanner.skipSpaces()
                guard scanner.take("]") else { return false }
                line.format = .logging
            }
            _ = scanner.take(" ")
            return true
        }
        guard let time = scanner.time() else { return false }
        line.time = time
        scanner.take { $0 != UInt8(ascii: "]") }
        guard scanner.take("]") else { return false }
        _ = scanner.take(" ")
        line.format = .sglang
        var attempt = scanner
        let isBracketed = attempt.take("[")
        if let level = attempt.level(inBrackets: isBracketed) {
            line.level = level
            attempt.take { $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: ":") }
            _ = attempt.take(" ")
            scanner = attempt
        }
        return true
    }

    /// `LEVEL:name:message`, `LEVEL 01-02 03:04:05 [file.py:12] message`, `LEVEL: message`, `LEVEL message`.
    private static func levelled(_ scanner: inout ByteScanner, _ line: inout LogLine) -> Bool {
        // vLLM names the process in front.
        if scanner.take("(") {
            scanner.take { $0 != UInt8(ascii: ")") }
            guard scanner.take(")"), scanner.take(" ") else { return false }
        }
        guard let level = scanner.level() else { return false }
        line.level = level
        line.format = .logging
        if scanner.take(":") {
            var attempt = scanner
            let name = attempt.take { $0.isWordByte || $0 == UInt8(ascii: ".") }
            if !name.isEmpty, attempt.take(":") {
                line.place = String(decoding: name, as: UTF8.self)
                scanner = attempt
                _ = scanner.take(" ")
                return true
            }
            scanner.skipSpaces()
            return true
        }
        guard scanner.next == 0x20 else { return false }
        var attempt = scanner
        attempt.skipSpaces()
        if let time = attempt.shortTime() {
            attempt.skipSpaces()
            if attempt.take("[") {
                line.place = String(decoding: attempt.take { $0 != UInt8(ascii: "]") }, as: UTF8.self)
                guard attempt.take("]") else { return false }
                line.time = time
                line.format = .vllm
                _ = attempt.take(" ")
                scanner = attempt
                return true
            }
        }
        _ = scanner.take(" ")
        return true
    }

    /// `time | LEVEL | place - message`, `time - name - LEVEL - message`, `time LEVEL name: message`, `time message`.
    private static func timed(_ scanner: inout ByteScanner, _ line: inout LogLine) -> Bool {
        guard let time = scanner.time() else { return false }
        line.time = time
        line.format = .timed
        var attempt = scanner
        var name: String?
        for _ in 0..<4 {
            let separators = attempt.take(while: isSeparator)
            if let level = attempt.level(inBrackets: separators.contains(UInt8(ascii: "["))) {
                line.level = level
                line.place = name
                return afterLevel(&attempt, &line, scanner: &scanner)
            }
            let field = attempt.take { $0.isWordByte || ".:/<>".utf8.contains($0) }
            guard !field.isEmpty, attempt.next == 0x20 || attempt.next == UInt8(ascii: "]") else { break }
            name = String(decoding: field, as: UTF8.self)
        }
        _ = scanner.take(" ")
        return true
    }

    private static func afterLevel(
        _ attempt: inout ByteScanner, _ line: inout LogLine, scanner: inout ByteScanner
    ) -> Bool {
        line.format = .logging
        let separators = attempt.take(while: isSeparator)
        scanner = attempt
        guard separators.contains(UInt8(ascii: "|")) else { return true }
        let place = attempt.take { $0 != 0x20 }
        if attempt.take(Array(" - ".utf8)) {
            line.place = String(decoding: place, as: UTF8.self)
            line.format = .loguru
            scanner = attempt
        } else if place.isEmpty == false, attempt.rest.elementsEqual(" -".utf8) {
            // An empty message.
            line.format = .loguru
            attempt.position = attempt.bytes.endIndex
            scanner = attempt
        }
        return true
    }

    /// `/path/file.py:12: UserWarning: message`.
    private static func warned(_ scanner: inout ByteScanner, _ line: inout LogLine) -> Bool {
        let path = scanner.take { $0 != UInt8(ascii: ":") && $0 != 0x09 }
        guard path.reversed().starts(with: "yp.".utf8) || path.reversed().starts(with: ">nidts<".utf8),
            scanner.take(":"), let number = scanner.integer(), scanner.take(":"), scanner.take(" ")
        else { return false }
        let category = scanner.take(while: \.isWordByte)
        guard category.reversed().starts(with: "gninraW".utf8), scanner.take(":") else { return false }
        _ = scanner.take(" ")
        line.place = "\(String(decoding: path, as: UTF8.self)):\(number)"
        line.level = "WARNING"
        line.format = .warning
        return true
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "|"), UInt8(ascii: "-"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: ":"), UInt8(ascii: "\t"):
            true
        default: false
        }
    }
}
