public import AlignmentStages

/// The limit on new tokens of one sound.
///
/// A stream that meets EOS ends below its limit. One that does not has as many tokens as the limit allows, and the
/// sound is as long as what is left of them: the limit - 10 frames in upstream's pipelines. So a sound of exactly that
/// length never met EOS, or met it in the very last step. A longer one had another limit.
public struct TokenBudget: Sendable, Equatable, Codable {
    /// The limit on new tokens.
    public var tokens: Int

    /// A limit that was given.
    public init(tokens: Int) { self.tokens = tokens }

    /// The limit that a formula gives for a transcript.
    public init(_ formula: AdaptiveBudget, transcript: String) { tokens = formula.tokens(for: transcript) }

    /// What a length says of a limit.
    public enum Reading: String, Sendable, Codable {
        /// The sound ends before its limit.
        case ended
        /// The sound is exactly as long as the limit leaves.
        case exhausted
        /// The sound is longer than the limit allows: it had another one.
        case contradicted
    }

    /// What a sound's length says of the limit; nil for a sound without a sample.
    func reading(of measures: SoundMeasures, _ profile: SoundProfile) -> Reading? {
        guard measures.samples > 0 else { return nil }
        if exhaustedLength(of: measures, profile) != nil { return .exhausted }
        let least = profile.framesBelowBudget.min() ?? 0
        return measures.frames > Double(tokens - least) ? .contradicted : .ended
    }

    /// The frames, and those that the limit has more, of a sound that is exactly as long as the limit leaves.
    func exhaustedLength(of measures: SoundMeasures, _ profile: SoundProfile) -> (frames: Int, lost: Int)? {
        // The codec's frames, whatever the header says of the rate: 960 samples each.
        let rates = Set([measures.sampleRate] + profile.sampleRates)
        for rate in rates.sorted() where (measures.samples * 25).isMultiple(of: rate) {
            let frames = measures.samples * 25 / rate
            if let lost = profile.framesBelowBudget.first(where: { frames == tokens - $0 }) {
                return (frames, lost)
            }
        }
        return nil
    }
}
