public import AlignmentStages

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
    /// The limit on new tokens and what the length says of it, where a limit is known.
    public var budget: Budget?
    /// The measures; nil for what could not be read.
    public var measures: SoundMeasures?
    /// Against the reference voice, where one was given and both have an active frame.
    public var reference: ReferenceComparison?

    /// A limit on new tokens, and what a sound's length says of it.
    public struct Budget: Sendable, Equatable, Codable {
        /// The limit.
        public var tokens: Int
        /// What the length says.
        public var reading: TokenBudget.Reading
    }

    /// The result of a file that was measured.
    public init(path: String, _ measures: SoundMeasures, judge: SoundJudge, budget: TokenBudget? = nil) {
        let reasons = judge.findings(measures, budget: budget)
        self.path = path
        verdict = judge.verdict(of: reasons)
        level = measures.samples > 0 ? measures.level : nil
        findings = reasons.map(\.finding)
        evidence = Dictionary(reasons.map { ($0.finding.id, $0.sentence) }) { first, _ in first }
        self.measures = measures
        self.budget = budget.flatMap { budget in
            budget.reading(of: measures, judge.profile).map { Budget(tokens: budget.tokens, reading: $0) }
        }
    }

    /// The result of a file that could not be read.
    public init(path: String, unreadable why: String) {
        self.path = path
        verdict = .unreadable
        findings = [.verdict(.unreadable)]
        evidence = ["unreadable": Self.sentence(why)]
    }

    /// A message with one full stop: libsndfile's own end with one.
    public static func sentence(_ message: String) -> String {
        message.hasSuffix(".") ? message : message + "."
    }
}
