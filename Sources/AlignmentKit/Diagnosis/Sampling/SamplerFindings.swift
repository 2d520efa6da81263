public import AlignmentStages

/// What the sampler of one request really did.
public struct SamplerFindings: Sendable, Equatable, Codable {
    /// The archive's path, as given.
    public var path: String
    /// The request's name.
    public var sample: String
    /// Whether the draws, and the scores, are those of the declared setting.
    public var verdict: Verdict
    /// One sentence behind the verdict.
    public var why: String
    /// Probability of contradicting a setting that acted, at most.
    public var level: Double
    /// Sampler's steps, over all segments.
    public var steps: Int
    /// Live cells: draws that the findings stand on.
    public var draws: Int
    /// Live cells that were left out: their logits are no numbers, or their id is outside the vocabulary.
    public var skippedDraws: Int
    /// The logits that were recorded.
    public var logits: RecordedLogits
    /// What the weaker record costs each finding; none for a full one.
    public var losses: [String]
    /// The setting that the capture declares, on top of the reference's values for what it does not say.
    public var declared: SamplerSetting
    /// The knobs of the setting that the capture does not declare.
    public var undeclared: [String]
    /// What the processed scores show.
    public var scores: ScoreFinding
    /// Draws that the declared setting cannot have made; the first of them.
    public var impossibleDraws: [DrawnCell]
    /// How much better a mixture of all settings explains the draws than the declared one, in nats; nil without
    /// logits.
    public var evidenceAgainstDeclared: Double?
    /// The settings that are left at 5 %.
    public var region: SamplerRegion?
    /// The settings that are left at `level`.
    public var widestRegion: SamplerRegion?
    /// The setting that explains the draws best.
    public var best: SamplerSetting?
    /// The setting that the findings below take for the one that acted.
    public var acting: SamplerSetting
    /// Other settings, and whether the draws tell them from the acting one.
    public var alternatives: [Alternative]
    /// Whether rows were drawn again.
    public var repetition: RepetitionTest?
    /// Whether EOS ever had a chance.
    public var end: EndTrace?
    /// The logits against a good run's; nil where none was named.
    public var goldenLogits: GoldenLogits?
    /// Step by step.
    public var trace: [StepTrace]

    /// Whether the declared setting acted.
    public enum Verdict: String, Sendable, Codable {
        /// Nothing that was recorded contradicts it.
        case consistent
        /// The scores, an impossible draw or the draws together contradict it.
        case contradicted
        /// Neither scores nor logits were recorded.
        case undecided
    }

    /// How much of the logits was recorded.
    public enum RecordedLogits: Sendable, Equatable, Codable {
        /// All of them.
        case full
        /// So many of the largest of each row.
        case top(Int)
        /// None.
        case none

        /// Writes `"full"`, `"none"`, or `"top64"` for 64 of them.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .full: try container.encode("full")
            case .none: try container.encode("none")
            case .top(let count): try container.encode("top\(count)")
            }
        }

        /// Reads what `encode` writes.
        public init(from decoder: any Decoder) throws {
            let name = try decoder.singleValueContainer().decode(String.self)
            switch name {
            case "full": self = .full
            case "none": self = .none
            default: self = .top(Int(name.dropFirst(3)) ?? 0)
            }
        }
    }

    /// What the scores after temperature, top-k and top-p show.
    public struct ScoreFinding: Sendable, Equatable, Codable {
        /// How they compare with a recomputation from the logits.
        public var status: Status
        /// The setting that gives them; nil where none was found.
        public var setting: SamplerSetting?
        /// One sentence.
        public var why: String

        /// How recorded scores compare.
        public enum Status: String, Sendable, Codable {
            /// The declared setting gives them.
            case declared
            /// Another setting gives them than the one that is declared.
            case other
            /// Another setting gives them, and nothing that the capture declares contradicts it.
            case undeclared
            /// No setting that was tried gives them.
            case unexplained
            /// They were not recorded, or not with all logits.
            case notRecorded = "not_recorded"
        }
    }

    /// Another setting that may have acted.
    public struct Alternative: Sendable, Equatable, Codable {
        /// What it is called.
        public var name: String
        /// The setting.
        public var setting: SamplerSetting
        /// How much better a mixture of all settings explains the draws, in nats.
        public var evidenceAgainst: Double
        /// These draws exclude it at the level.
        public var isExcluded: Bool
        /// Draws after which it is likely to be excluded if the acting setting acts; nil for never.
        public var drawsNeeded: Int?
        /// The same in steps.
        public var stepsNeeded: Int?
    }
}
