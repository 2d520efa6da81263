internal import AlignmentJSON

/// The findings so far; one of each id, however often it was found.
struct FindingLedger {
    private static let exampleLimit = 5

    private var findings: [String: LogFinding] = [:]

    /// The findings, the most serious first, then by line.
    var sorted: [LogFinding] {
        findings.values.sorted { left, right in
            (right.level, left.line, left.id) < (left.level, right.line, right.id)
        }
    }

    /// Whether a proof's lines would be shown.
    func wantsExamples(of proof: LogProof) -> Bool {
        guard let id = proof.conclusion, let known = findings[id] else { return true }
        return known.examples.count < Self.exampleLimit
    }

    /// Takes a line that is a finding alone.
    mutating func add(
        _ observation: Observation, level: LogLevel, values: [String: JSONValue], sample: Int?
    ) {
        let rule = observation.rule
        if let known = findings[rule.id], known.level >= level, known.examples.count >= Self.exampleLimit {
            findings[rule.id]?.linesCount += 1
            findings[rule.id]?.count += 1
            return
        }
        let figures = rule.patterns[0].names.compactMap { name in
            values[name].map { "\(name) \($0.string ?? $0.compactText)" }
        }
        let says = figures.isEmpty ? "" : " (\(figures.joined(separator: ", ")))"
        add(
            LogFinding(
                id: rule.id, level: level, line: observation.line, linesCount: 1, count: 1,
                examples: [.init(line: observation.line, text: observation.excerpt, sample: sample)],
                values: values, sentence: rule.means + says, means: rule.means,
                doesNotMean: rule.doesNotMean, deviations: rule.deviations))
    }

    /// Takes what lines prove together.
    mutating func add(_ proof: LogProof, examples: [LogFinding.Example]) {
        guard let row = proof.conclusion.flatMap(ConclusionTable.conclusion), let line = proof.lines.first
        else {
            return
        }
        add(
            LogFinding(
                id: row.id, level: proof.level, line: line, linesCount: proof.lines.count, count: 1,
                examples: examples, values: proof.values, sentence: proof.sentence, means: row.means,
                doesNotMean: row.doesNotMean, deviations: proof.deviations))
    }

    private mutating func add(_ finding: LogFinding) {
        guard var known = findings[finding.id] else {
            findings[finding.id] = finding
            return
        }
        // What is more serious says more than what came first.
        if finding.level > known.level {
            known.level = finding.level
            known.values = finding.values
            known.sentence = finding.sentence
        }
        known.linesCount += finding.linesCount
        known.count += 1
        known.examples += finding.examples.prefix(Self.exampleLimit - known.examples.count)
        known.deviations = Array(Set(known.deviations + finding.deviations)).sorted()
        findings[finding.id] = known
    }
}
