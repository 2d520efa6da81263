public import AlignmentStages

/// What is known of the limit on new tokens of one sound.
///
/// A stream that meets EOS ends below its limit. One that does not has as many tokens as the limit allows, and the
/// sound is as long as what is left of them: the limit - 10 frames in upstream's pipelines. So a sound of exactly that
/// length never met EOS, or met it in the very last step.
public enum TokenBudget: Sendable, Equatable {
    /// A limit that was given.
    case fixed(Int)
    /// A limit that was computed from a transcript.
    case adaptive(Int, of: AdaptiveBudget)

    /// The limit on new tokens.
    public var tokens: Int {
        switch self {
        case .fixed(let tokens), .adaptive(let tokens, of: _): tokens
        }
    }

    /// The limit of a transcript.
    public init(_ formula: AdaptiveBudget, transcript: String) {
        self = .adaptive(formula.tokens(for: transcript), of: formula)
    }

    /// A sentence that says so if a sound is as long as the limit leaves; nil if it is not.
    func exhausted(_ measures: SoundMeasures, _ profile: SoundProfile) -> String? {
        // The codec's frames, whatever the header says of the rate: 960 samples each.
        let rates = Set([measures.sampleRate] + profile.sampleRates)
        for rate in rates.sorted() where (measures.samples * 25).isMultiple(of: rate) {
            let frames = measures.samples * 25 / rate
            for lost in profile.framesBelowBudget where frames == tokens - lost {
                return
                    "It is \(frames) frames long, the limit of \(tokens) new tokens less the \(lost) that are "
                    + "no sound: generation was stopped by the limit and never met EOS."
            }
        }
        return nil
    }
}
