/// What is said of one sound file.
public struct SoundResult: Sendable, Equatable, Codable {
    /// The file, as given or as found in a given folder.
    public var path: String
    /// The first verdict that applies.
    public var verdict: SoundVerdict
    /// The story's step of AC energy; nil for what could not be read.
    public var level: SoundLevel?
    /// All that applies, the worst first.
    public var findings: [SoundFinding]
    /// For each finding's name the sentence with the figures that led to it.
    public var evidence: [String: String]
    /// The measures; nil for what could not be read.
    public var measures: SoundMeasures?
    /// Against the reference voice, where one was given and both have an active frame.
    public var reference: ReferenceComparison?

    /// The result of a file that was measured.
    public init(path: String, _ measures: SoundMeasures, judge: SoundJudge, budget: TokenBudget? = nil) {
        let reasons = judge.findings(measures, budget: budget)
        self.path = path
        verdict = judge.verdict(of: reasons)
        level = measures.samples > 0 ? measures.level : nil
        findings = reasons.map(\.finding)
        evidence = Dictionary(reasons.map { ($0.finding.id, $0.sentence) }) { first, _ in first }
        self.measures = measures
    }

    /// The result of a file that could not be read.
    public init(path: String, unreadable why: String) {
        self.path = path
        verdict = .unreadable
        findings = [.verdict(.unreadable)]
        evidence = ["unreadable": why]
    }
}
