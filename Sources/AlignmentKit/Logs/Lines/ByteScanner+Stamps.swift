extension ByteScanner {
    private static let levels: Set<String> = [
        "TRACE", "DEBUG", "INFO", "NOTICE", "SUCCESS", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL",
    ]

    /// A level; nil, and nothing passed, where none comes next.
    ///
    /// It is written in capitals, or stands in brackets: `Error during generation` is a message.
    mutating func level(inBrackets: Bool = false) -> String? {
        var attempt = self
        let word = attempt.take(while: \.isLetter)
        guard (4...8).contains(word.count), attempt.next?.isWordByte != true else { return nil }
        let text = String(decoding: word, as: UTF8.self)
        let level = inBrackets ? text.uppercased() : text
        guard Self.levels.contains(level) else { return nil }
        self = attempt
        return level
    }

    /// `2025-01-02 03:04:05`, with a `T`, a fraction and a zone or without; nil where none comes next.
    mutating func time() -> String? {
        var attempt = self
        guard attempt.takeDigits(4), attempt.take("-"), attempt.takeDigits(2), attempt.take("-"),
            attempt.takeDigits(2), attempt.take("T") || attempt.take(" ")
        else { return nil }
        guard attempt.clock() else { return nil }
        if !attempt.take("Z"), attempt.next == UInt8(ascii: "+") || attempt.next == UInt8(ascii: "-") {
            var zone = attempt
            zone.position += 1
            if zone.takeDigits(2) {
                _ = zone.take(":")
                if zone.takeDigits(2) { attempt = zone }
            }
        }
        let text = String(decoding: bytes[position..<attempt.position], as: UTF8.self)
        self = attempt
        return text
    }

    /// `01-02 03:04:05`; nil where none comes next.
    mutating func shortTime() -> String? {
        var attempt = self
        guard attempt.takeDigits(2), attempt.take("-"), attempt.takeDigits(2), attempt.take(" "),
            attempt.clock()
        else { return nil }
        let text = String(decoding: bytes[position..<attempt.position], as: UTF8.self)
        self = attempt
        return text
    }

    private mutating func clock() -> Bool {
        guard takeDigits(2), take(":"), takeDigits(2), take(":"), takeDigits(2) else { return false }
        if next == UInt8(ascii: ".") || next == UInt8(ascii: ","), rest.dropFirst().first?.isDigit == true {
            position += 1
            take(while: \.isDigit)
        }
        return true
    }

    /// Passes what containers and their tools put in front of each line, and gives its time.
    ///
    /// Kubernetes' `[pod/name/container]`, compose's `name-1  |`, the time of `docker logs -t` and of `kubectl logs
    /// --timestamps`, and CRI's `stdout F`.
    mutating func containerPrefix() -> String? {
        var attempt = self
        if attempt.take("["), attempt.take(Array("pod/".utf8)) {
            attempt.take { $0 != UInt8(ascii: "]") }
            if attempt.take("]"), attempt.take(" ") { self = attempt }
        } else {
            attempt = self
            let name = attempt.take { $0.isWordByte || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
            let isName = name.first?.isLetter == true && !attempt.startsWithLevel(name)
            if isName, attempt.next == 0x20 {
                attempt.skipSpaces()
                if attempt.take("|"), attempt.take(" ") { self = attempt }
            }
        }
        attempt = self
        // RFC 3339 to the nanosecond and in UTC: loggers write fewer digits, or no zone.
        guard let time = attempt.time(), time.hasSuffix("Z"), time.contains("T"), time.utf8.count > 24,
            attempt.take(" ")
        else { return nil }
        var stream = attempt
        if stream.take(Array("stdout ".utf8)) || stream.take(Array("stderr ".utf8)),
            stream.take("F") || stream.take("P"), stream.take(" ")
        {
            attempt = stream
        }
        self = attempt
        return time
    }

    private func startsWithLevel(_ name: LineBytes) -> Bool {
        Self.levels.contains(String(decoding: name, as: UTF8.self).uppercased())
    }
}
