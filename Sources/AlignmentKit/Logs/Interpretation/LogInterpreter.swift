internal import AlignmentJSON

/// Reads line after line and keeps what they prove; its size does not grow with the log.
struct LogInterpreter {
    /// The most requests that are kept one by one.
    static let sampleLimit = 10_000

    private(set) var tally = LogTally()
    private(set) var samples: [LogSample] = []
    private(set) var recognised = 0
    private(set) var formats: [String: Int] = [:]
    private var ledger = FindingLedger()
    private var flags = RunFlags()
    private var current: SampleFacts?
    private var text: TextBlock?
    private var traceback: TracebackBlock?
    private var lastRecognised = 0

    /// The findings, the most serious first, then by line.
    var findings: [LogFinding] { ledger.sorted }

    /// Whether the next line belongs to something even if it is no line of the catalogue.
    var isInside: Bool { text != nil || traceback != nil }

    /// Takes the next line.
    mutating func take(_ line: LogLine) {
        if var block = traceback {
            let step = block.take(line)
            traceback = block
            switch step {
            case .inside: return
            case .exception: return finishTraceback(at: line)
            case .outside: traceback = nil
            }
        }
        let matches = RuleTable.matches(line.message)
        let isTraceback = line.message.contains(TracebackBlock.opening)
        if var block = text {
            if block.accepts(line, isRecognised: !matches.isEmpty || isTraceback) {
                block.take(line)
                text = block
                return
            }
            finishText()
        }
        if !matches.isEmpty || isTraceback { count(line) }
        for match in matches {
            observe(
                Observation(
                    rule: match.rule, values: match.values, line: line.number,
                    head: LogText.head(line.message)))
            open(match.rule, match.values, at: line)
        }
        if isTraceback { traceback = TracebackBlock(line) }
    }

    /// Ends what is open at the log's end.
    mutating func finish() {
        traceback = nil
        finishText()
        finishSample()
    }

    private mutating func count(_ line: LogLine) {
        formats[line.format.rawValue, default: 0] += 1
        // The parts of a progress bar, and of a message in JSON, share a line.
        if line.number != lastRecognised { recognised += 1 }
        lastRecognised = line.number
    }

    private mutating func open(_ rule: LogRule, _ values: LogValues, at line: LogLine) {
        guard let kind = rule.opens else { return }
        finishText()
        var block = TextBlock(kind, heading: line, chunk: current?.chunk ?? 0)
        if let start = values.text("text") { block.take(Array(start.utf8)[...], isCut: line.isCut) }
        text = block
    }

    private mutating func finishText() {
        guard let block = text else { return }
        text = nil
        switch block.kind {
        case .prompt: current?.append(prompt: block.facts)
        case .output: current?.append(output: block.facts)
        }
    }

    // MARK: Lines of the catalogue

    private mutating func observe(_ observation: Observation, more: [String: JSONValue] = [:]) {
        if observation.rule.stage == .run {
            flags.take(observation)
            observeRun(observation)
        } else {
            if current?.isOver(at: observation) == true { finishSample() }
            if current == nil, observation.rule.printer != .errors {
                current = SampleFacts(position: tally.samples, line: observation.line)
            }
            current?.take(observation)
        }
        guard var level = observation.rule.finding else { return }
        // Without its traceback such a message has other causes too.
        if more.isEmpty, !observation.rule.frames.isEmpty { level = .warning }
        let values = observation.values.mapValues(\.json).merging(more) { first, _ in first }
        let sample = observation.rule.stage == .run ? nil : current?.position
        ledger.add(observation, level: level, values: values, sample: sample)
    }

    private mutating func observeRun(_ observation: Observation) {
        let example = LogFinding.Example(line: observation.line, text: observation.excerpt)
        func conclude(_ id: String, lines: [Int]? = nil, _ values: [String: JSONValue], _ sentence: String) {
            ledger.add(
                LogProof(.outcome, .wrong, id, lines: lines ?? [observation.line], values: values, sentence),
                examples: [example])
        }
        let values = observation.values
        switch observation.rule.id {
        case "codebook-size":
            guard let size = values.integer("size"), size != 1024 else { return }
            conclude(
                "clip-bound", ["size": .integer(size)],
                "The script clips to \(size) codes; the codec has 1024.")
        case "wav-saved":
            guard let rate = values.integer("rate"), rate != 24000 else { return }
            conclude(
                "written-rate", ["rate": .integer(rate)],
                "A file was written with \(rate) Hz; the codec gives 24000.")
        case "overall-results":
            guard let succeeded = values.integer("succeeded"), let all = values.integer("count"),
                succeeded < all
            else { return }
            conclude(
                "failed-requests", ["succeeded": .integer(succeeded), "count": .integer(all)],
                "Only \(succeeded) of \(all) requests wrote a file.")
        case "flag-encode-whisper", "flag-whisper-processor":
            guard let wanted = flags.encodesWhisper, wanted.value, let there = flags.hasWhisperProcessor,
                !there.value
            else { return }
            conclude(
                "whisper-without-processor", lines: [wanted.line, there.line], [:],
                "encode_whisper_embed is True, and there is no Whisper processor.")
        default: break
        }
    }

    // MARK: Ends

    private mutating func finishTraceback(at line: LogLine) {
        guard let block = traceback else { return }
        traceback = nil
        var values: [String: JSONValue] = ["exception": .string(block.exception)]
        if let frame = block.innermost { values["frame"] = .string(frame.description) }
        let causes = RuleTable.matches(block.message).filter { cause in
            cause.rule.frames.isEmpty
                || block.places.contains { place in cause.rule.frames.contains { place.contains($0) } }
        }
        for cause in causes {
            observe(
                Observation(
                    rule: cause.rule, values: cause.values, line: block.line, head: LogText.head(line.message)
                ),
                more: values)
        }
        guard causes.isEmpty else { return }
        let isStop = ["KeyboardInterrupt", "SystemExit", "GeneratorExit"].contains(block.exception)
        let isPipeline = block.innermost?.isPipeline == true
        values["message"] = .string(LogText.excerpt(block.message))
        let place = block.innermost.map { " at \($0.description)" } ?? ""
        ledger.add(
            LogProof(
                .outcome, .failed, "traceback", level: isStop ? .note : isPipeline ? .defect : nil,
                lines: [block.line], values: values,
                "\(block.exception)\(place)\(block.message.isEmpty ? "" : ": \(LogText.excerpt(block.message))")"
            ),
            examples: [.init(line: block.line, text: line.excerpt, sample: current?.position)])
    }

    private mutating func finishSample() {
        guard let sample = current else { return }
        current = nil
        let proofs = sample.proofs(flags)
        tally.add(proofs)
        for proof in proofs where proof.conclusion != nil {
            let isShown = ledger.wantsExamples(of: proof)
            ledger.add(proof, examples: isShown ? sample.examples(of: proof.lines) : [])
        }
        guard samples.count < Self.sampleLimit else { return }
        samples.append(
            LogSample(
                position: sample.position, index: sample.index, firstLine: sample.firstLine,
                lastLine: sample.lastLine, proofs: proofs))
    }
}
