/// What the lines of one request say.
struct SampleFacts {
    /// Its place among the requests of the log, counted from 0.
    let position: Int
    /// The number that the pipeline gives it, counted from 0; nil where no line says it.
    var index: Int?
    /// Its first line.
    let firstLine: Int
    /// Its last line so far.
    var lastLine: Int
    /// Its lines by rule, at most 64 of each.
    private(set) var observations: [String: [Observation]] = [:]
    /// The prompts, in order.
    private(set) var prompts: [TextBlock.Facts] = []
    /// The generated texts, in order.
    private(set) var outputs: [TextBlock.Facts] = []
    /// The part of the text to speak that lines belong to now, counted from 0.
    private(set) var chunk = 0
    /// The furthest stage so far.
    private(set) var stage = LogRule.Stage.opening

    init(position: Int, line: Int) {
        self.position = position
        firstLine = line
        lastLine = line
    }

    /// The lines of a rule.
    func all(_ rule: String) -> [Observation] { observations[rule] ?? [] }

    /// The last line of a rule.
    func last(_ rule: String) -> Observation? { observations[rule]?.last }

    /// Whether a line cannot belong to this request, but to the next one.
    func isOver(at observation: Observation) -> Bool {
        let rule = observation.rule
        switch rule.stage {
        case .run: return false
        case .opening: return true
        case .before:
            if let chunk = observation.values.integer("chunk") {
                return chunk < self.chunk || repeats(observation)
            }
            return stage != .opening && stage != .before || repeats(observation)
        case .after: return stage == .file && rule.printer != .errors || repeats(observation)
        case .file:
            if let sample = observation.values.integer("sample"), let index, sample != index { return true }
            return repeats(observation)
        }
    }

    /// Whether the request has a line of that kind, which stands once in each.
    private func repeats(_ observation: Observation) -> Bool {
        guard observation.rule.isOnce else { return false }
        let chunk = observation.values.integer("chunk") ?? self.chunk
        return all(observation.rule.id).contains {
            $0.chunk == chunk && $0.values.integer("audio") == observation.values.integer("audio")
        }
    }

    /// Takes a line of this request.
    mutating func take(_ observation: Observation) {
        var observation = observation
        if let chunk = observation.values.integer("chunk") { self.chunk = chunk }
        observation.chunk = chunk
        if observation.rule.stage == .opening {
            index = observation.values.integer("count").flatMap { _ in observation.values.integer("number") }
                .flatMap { $0 > 0 ? $0 - 1 : nil }
        } else if let sample = observation.values.integer("sample"), index == nil {
            index = sample
        }
        lastLine = max(lastLine, observation.line)
        stage = observation.rule.stage
        if observations[observation.rule.id, default: []].count < 64 {
            observations[observation.rule.id, default: []].append(observation)
        }
    }
}

extension SampleFacts {
    /// Takes a prompt.
    mutating func append(prompt: TextBlock.Facts) { if prompts.count < 64 { prompts.append(prompt) } }

    /// Takes a generated text.
    mutating func append(output: TextBlock.Facts) { if outputs.count < 64 { outputs.append(output) } }

    /// Lines of this request as a finding shows them, at most 5.
    func examples(of lines: [Int]) -> [LogFinding.Example] {
        let shown = observations.sorted { $0.key < $1.key }.flatMap {
            $0.value.filter { lines.contains($0.line) }
        }
        let texts = Dictionary(shown.map { ($0.line, $0.excerpt) }) { first, _ in first }
        return lines.sorted().prefix(5).compactMap { line in
            texts[line].map { LogFinding.Example(line: line, text: $0, sample: position) }
        }
    }

    /// The frames that the codec got, and the lines that say so; nil where none does.
    ///
    /// What was counted comes first, the sound's length last: 40 ms a frame.
    var frames: (count: Int, lines: [Int])? {
        if let total = last("token-analysis"), let cells = total.values.integer("total"), cells > 0,
            cells % 8 == 0
        {
            return (cells / 8, [total.line])
        }
        if let input = last("decoder-input"), let count = input.values.shape("shape")?.last {
            return (count, [input.line])
        }
        for rule in ["strip", "serve-processing"] {
            let counts = all(rule).compactMap { $0.values.shape("shape")?.last }
            if !counts.isEmpty { return (counts.reduce(0) { $0 &+ $1 }, all(rule).map(\.line)) }
        }
        for rule in ["decoded-energy", "joined-energy", "generated-energy", "file-duration"] {
            guard let sound = last(rule), let seconds = sound.values.number("duration"), seconds > 0,
                seconds < 1e6
            else { continue }
            return (Int((seconds * 25).rounded()), [sound.line])
        }
        return nil
    }
}
