public import AlignmentStages
import AlignmentTensors

/// The checks of one request, on what the pipeline did.
public struct Checks: Sendable, Equatable, Codable {
    /// Is there sound?
    public var energy: Check<EnergyDetails>
    /// Did every segment meet its EOS?
    public var eos: Check<EOSDetails>
    /// Are all ids within the audio vocabulary, and no special ids inside?
    public var tokenRange: Check<TokenRangeDetails>
    /// Are there codes for the codec, and nothing but codes?
    public var tokenSequence: Check<TokenSequenceDetails>
    /// Are the codes varied?
    public var tokenDiversity: Check<TokenDiversityDetails>
    /// Could every token have been drawn under the declared parameters?
    public var support: Check<SupportDetails>
    /// Are all samples numbers?
    public var finiteSamples: CheckVerdict

    /// AC energy of the last waveform captured: what was written, else what the codec gave.
    public struct EnergyDetails: Sendable, Equatable, Codable {
        /// The figures.
        public var energy: SoundEnergy?
        /// `written` or `decoded`.
        public var source: String?
    }

    /// Share of segments whose last reverted column holds EOS, before any clip.
    public struct EOSDetails: Sendable, Equatable, Codable {
        /// Segment by segment.
        public var segments: [StreamEnds]
        /// What the generated text says; nil if it was not recorded.
        public var text: TextEvidence?
    }

    /// Ids outside the vocabulary fail; special ids among the kept columns are warned of.
    public struct TokenRangeDetails: Sendable, Equatable, Codable {
        /// Special ids in kept columns, by codebook over all segments, [codebook].
        public var specialsInside: [Int]
    }

    /// A call of the codec without frames, or with ids that are not codes, fails.
    public struct TokenSequenceDetails: Sendable, Equatable, Codable {
        /// Call by call.
        public var calls: [TokenSequence]
    }

    /// The worst segment decides.
    public struct TokenDiversityDetails: Sendable, Equatable, Codable {
        /// Segments long enough to judge.
        public var segments: [TokenDiversity]
    }

    /// Tokens outside what temperature, top-k and top-p leave, repetition-aware sampling aside.
    public struct SupportDetails: Sendable, Equatable, Codable {
        /// The first of them.
        public var draws: [DrawnCell]
    }

    /// Their JSON names, in order.
    public static let names = [
        "energy", "eos", "token_range", "token_sequence", "token_diversity", "support", "finite_samples",
    ]

    /// All verdicts by their JSON name.
    public var verdicts: [(name: String, verdict: CheckVerdict)] {
        let verdicts = [
            energy.verdict, eos.verdict, tokenRange.verdict, tokenSequence.verdict, tokenDiversity.verdict,
            support.verdict, finiteSamples,
        ]
        return zip(Self.names, verdicts).map { (name: $0, verdict: $1) }
    }
}
