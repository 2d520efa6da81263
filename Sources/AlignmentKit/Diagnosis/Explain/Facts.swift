import AlignmentCodec
import AlignmentStages
import AlignmentTensors

/// What a check of facts looks at: one request, and what both paths share of it.
struct Facts {
    let sample: SampleCapture
    let model: ModelConfiguration
    /// The reference profile.
    let aligned: Profile
    /// The captured profile.
    let current: Profile
    let checks: Checks
    let runner: StageRunner
    /// The conditioning audio on both paths; nil without a recorded collator.
    let conditioning: Conditioning?
    /// Whether the waveform's declared rate is its own; nil where that could not be read.
    let waveformRate: ConditioningCheck?
    /// Live codec tensors whose hash is not the reference's.
    let foreignWeights: [String]
    /// A request of a good run with which this one is compared; nil without one.
    let counterpart: SampleCapture?
    /// What the draws say where no scores were recorded.
    let draws: DrawEvidence?
    /// Keys of the knobs that the capture declares.
    let declared: Set<String>
    /// The good run had the same versions, flags and devices.
    let isSameMachine: Bool

    /// Delayed streams as `generate` returned them.
    var streams: [NDArray<Int64>] { sample.generation?.facts.segments ?? sample.tokens?.facts ?? [] }

    /// How each stream ends.
    var ends: [StreamEnds] { checks.eos.details.segments }

    /// The token limit ended the generation.
    var metLimit: Bool { sample.stop?["reason"] == .string("limit") }
    /// Whether generation raised, or ended with its process, in the middle of a stream.
    var wasInterrupted: Bool { sample.stop?["reason"] == .string("raised") }
}

/// A check of facts: what it found, or nothing.
typealias FactCheck = @Sendable (Facts) -> Finding?

/// What a check of facts found.
struct Finding {
    /// Sentences with the tensor, the first place and both values.
    var evidence: [String]
    /// What it does to the stage's output; nil for a symptom.
    var effect: Effect?
    /// Causes that it stands under if they are found, most telling first; any of a stage where it ends in a dot.
    var under: [String] = []
    /// The deviation that it really is.
    var insteadOf: Deviation?
    /// The kind where it is not the catalogue's: a symptom where the reference path does not have it.
    var kind: Deviation.Kind?
}
