public import AlignmentTensors

/// A field of a stage's output.
public enum FieldValue: Sendable, Equatable {
    /// Python's None.
    case none
    /// A tensor.
    case tensor(Tensor)
    /// A tensor whose values this version cannot compute, and why.
    case notComputed(String)
}

/// Named fields in the order in which upstream declares them.
public struct NamedField: Sendable, Equatable {
    /// The field's path inside its stage, `batch/input_ids`.
    public let name: String
    /// What it holds.
    public let value: FieldValue

    /// A field of this name and value.
    public init(_ name: String, _ value: FieldValue) {
        self.name = name
        self.value = value
    }
}

/// What the collator hands to the model.
///
/// Source: upstream `data_collator/higgs_audio_collator.py`, `HiggsAudioBatchInput`.
public struct Batch: Sendable, Equatable {
    /// [sample, position].
    public var inputIDs: NDArray<Int64>
    /// 1 where the model may look, [sample, position].
    public var attentionMask: NDArray<Int64>
    /// Log-mel of each `<|AUDIO|>` waveform, [waveform, mel, frame].
    public var audioFeatures: FieldValue
    /// [waveform, frame].
    public var audioFeatureAttentionMask: FieldValue
    /// Delayed codes under `<|AUDIO_OUT|>`, [codebook, column].
    public var audioOutIDs: NDArray<Int64>
    /// Where each segment starts, [segment].
    public var audioOutIDsStart: [Int64]
    /// The sample's number, once for each sample; nil without segments.
    public var audioOutIDsStartGroupLoc: [Int64]?
    /// Delayed codes under `<|AUDIO|>`, [codebook, column]; nil if they are not passed on.
    public var audioInIDs: NDArray<Int64>?
    /// Where each segment starts, [segment].
    public var audioInIDsStart: [Int64]?
    /// [sample, position]; nil in inference.
    public var labelIDs: NDArray<Int64>?
    /// [codebook, column]; nil in inference.
    public var labelAudioIDs: NDArray<Int64>?
    /// [reward].
    public var reward: [Float]

    /// The fields in upstream's order, under their archive names.
    public var fields: [NamedField] {
        func ids(_ array: NDArray<Int64>?) -> FieldValue { array.map { .tensor(.int64($0)) } ?? .none }
        func vector(_ values: [Int64]?) -> FieldValue { ids(values.map(NDArray.init(vector:))) }
        return [
            NamedField("batch/input_ids", ids(inputIDs)),
            NamedField("batch/attention_mask", ids(attentionMask)),
            NamedField("batch/audio_features", audioFeatures),
            NamedField("batch/audio_feature_attention_mask", audioFeatureAttentionMask),
            NamedField("batch/audio_out_ids", ids(audioOutIDs)),
            NamedField("batch/audio_out_ids_start", vector(audioOutIDsStart)),
            NamedField("batch/audio_out_ids_start_group_loc", vector(audioOutIDsStartGroupLoc)),
            NamedField("batch/audio_in_ids", ids(audioInIDs)),
            NamedField("batch/audio_in_ids_start", vector(audioInIDsStart)),
            NamedField("batch/label_ids", ids(labelIDs)),
            NamedField("batch/label_audio_ids", ids(labelAudioIDs)),
            NamedField("batch/reward", .tensor(.float32(NDArray(vector: reward)))),
        ]
    }
}
