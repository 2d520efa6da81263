/// The reading of one log: from blocks to lines to what they prove.
struct LogReading {
    private var splitter = LineSplitter()
    private var interpreter = LogInterpreter()

    /// Takes the next block.
    mutating func take(_ block: [UInt8]) {
        splitter.take(block) { interpreter.take($0) }
    }

    /// Ends the reading.
    mutating func finish(path: String) -> LogFile {
        splitter.finish { interpreter.take($0) }
        interpreter.finish()
        let findings = interpreter.findings
        let recognised = interpreter.recognised
        return LogFile(
            path: path,
            sentence: interpreter.tally.sentence
                ?? LogFile.sentence(lines: splitter.lines, recognised: recognised),
            lines: splitter.lines, recognised: recognised, cutLines: splitter.cutLines,
            formats: interpreter.formats, tally: interpreter.tally, samples: interpreter.samples,
            findings: findings,
            exitCode: recognised == 0 ? 2 : findings.contains { $0.level == .defect } ? 1 : 0)
    }
}

extension LogInterpreter {
    /// Takes a line as it stands; one without any text of the catalogue is left at once.
    mutating func take(_ line: LineSplitter.Line) {
        let bytes = EscapeSequences.removed(from: line.bytes)
        guard isInside || RuleTable.anchors.hasAny(in: bytes) else { return }
        for part in LinePrefix.parse(bytes, number: line.number, isCut: line.isCut) { take(part) }
    }
}
