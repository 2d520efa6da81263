public import AlignmentJSON

/// What the log proves about one request, with the lines and figures that it rests on.
public struct LogProof: Sendable, Codable, Equatable {
    /// What it is about.
    public var subject: Subject
    /// How it came out.
    public var verdict: Verdict
    /// How serious it is.
    public var level: LogLevel
    /// The conclusion of the catalogue; nil where nothing is wrong or nothing can be said.
    public var conclusion: String?
    /// The lines it rests on, counted from 1, in order.
    public var lines: [Int]
    /// The figures it rests on.
    public var values: [String: JSONValue]
    /// All of it in a sentence or two.
    public var sentence: String
    /// Related ids of the catalogue of deviations.
    public var deviations: [String]

    /// What a proof is about.
    public enum Subject: String, Sendable, Codable, CaseIterable {
        /// Placeholders and prompt.
        case placeholders
        /// The limit on tokens.
        case budget
        /// How the audio ended.
        case ending
        /// The script's own message about EOS.
        case eosMessage = "eos_message"
        /// Columns and ids on their way to the codec.
        case tokens
        /// How varied the ids are.
        case diversity
        /// How loud the sound is.
        case energy
        /// Whether there is a sound.
        case outcome
    }

    /// How a proof came out.
    public enum Verdict: String, Sendable, Codable, CaseIterable {
        /// More placeholders than sounds.
        case surplus
        /// Fewer placeholders than sounds.
        case missing
        /// As many placeholders as sounds.
        case matched
        /// The limit ended the audio.
        case budgetExhausted = "budget_exhausted"
        /// EOS ended the audio.
        case eosReached = "eos_reached"
        /// Other than it has to be.
        case wrong
        /// Too few distinct ids.
        case tooFew = "too_few"
        /// Few distinct ids.
        case few
        /// Varied ids.
        case varied
        /// Mean square below 1e-8.
        case silent
        /// Mean square below 1e-6.
        case tooQuiet = "too_quiet"
        /// Mean square below 1e-4.
        case quiet
        /// Mean square of at least 1e-4.
        case audible
        /// NaN or infinity.
        case notFinite = "not_finite"
        /// The mean square of a constant at full scale.
        case fullScale = "full_scale"
        /// No sound.
        case failed
        /// The log does not tell.
        case undecided
    }

    init(
        _ subject: Subject, _ verdict: Verdict, _ conclusion: String? = nil, level: LogLevel? = nil,
        lines: [Int],
        values: [String: JSONValue] = [:], deviations: [String]? = nil, _ sentence: String
    ) {
        let row = conclusion.flatMap(ConclusionTable.conclusion)
        self.subject = subject
        self.verdict = verdict
        self.conclusion = conclusion
        self.level = level ?? row?.level ?? .note
        self.lines = Set(lines).sorted()
        self.values = values
        self.sentence = sentence
        self.deviations = deviations ?? row?.deviations ?? []
    }
}
