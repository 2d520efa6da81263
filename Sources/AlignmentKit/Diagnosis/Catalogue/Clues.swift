import AlignmentJSON
import AlignmentStages
import AlignmentTensors

/// What a search may look at to guess how a stage's output came about: what the pipeline gave, and what the
/// profile that is to be changed gives for the same facts.
struct Clues {
    let stage: Stage
    let sample: SampleCapture
    let model: ModelConfiguration
    /// The profile to be changed.
    let profile: Profile
    /// What it gives.
    let expected: Outcome
    /// What the pipeline gave.
    let captured: Outcome
    /// Decodes stretches of the recorded sound.
    let screen: StretchScreen

    /// A matrix of ids on both sides.
    func ids(_ name: String) -> (captured: NDArray<Int64>?, expected: NDArray<Int64>?) {
        (captured[name]?.ids, expected[name]?.ids)
    }

    /// The codes handed to the codec on both sides, call by call.
    var calls: [(captured: NDArray<Int64>, expected: NDArray<Int64>)] {
        zip(captured.codes, expected.codes).map { ($0, $1) }
    }

    /// The waveforms on both sides, call by call.
    var waveforms: [(captured: [Float], expected: [Float])] {
        zip(captured.fields.compactMap(\.waveform), expected.fields.compactMap(\.waveform)).map { ($0, $1) }
    }
}

extension Outcome {
    /// The codes of each call.
    var codes: [NDArray<Int64>] {
        fields.filter { $0.name.hasSuffix("/codes") }.compactMap(\.value.ids)
    }
}

extension FieldValue {
    /// The ids of a tensor of int64.
    var ids: NDArray<Int64>? {
        if case .tensor(.int64(let ids)) = self { ids } else { nil }
    }
}
