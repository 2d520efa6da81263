public import AlignmentTensors

/// What the port hands to its model: a prompt in which each placeholder stands once for every delayed column.
///
/// Source: transformers `processing_higgs_audio_v2.py`, `HiggsAudioV2Processor.__call__`.
public struct ExpandedBatch: Sendable, Equatable {
    /// [sample, position].
    public var inputIDs: NDArray<Int64>
    /// 1 where the model may look, [sample, position].
    public var attentionMask: NDArray<Int64>
    /// Delayed codes of each sample's audio, one after the other, padded with EOS, [sample, column, codebook]; nil
    /// without audio.
    public var audioInputIDs: NDArray<Int64>?
    /// Where they are not padding, [sample, column].
    public var audioInputIDsMask: NDArray<Bool>?
    /// [sample, position]; nil in inference.
    public var labels: NDArray<Int64>?
    /// [sample, column, codebook]; nil in inference.
    public var audioLabels: NDArray<Int64>?

    /// The fields in the port's order, under their archive names. The port leaves out what is not there.
    public var fields: [NamedField] {
        let ids = [
            ("input_ids", inputIDs), ("attention_mask", attentionMask), ("audio_input_ids", audioInputIDs),
        ]
        let labels = [("labels", labels), ("audio_labels", audioLabels)]
        func fields(_ named: [(String, NDArray<Int64>?)]) -> [NamedField] {
            named.compactMap { name, array in
                array.map { NamedField("batch/\(name)", .tensor(.int64($0))) }
            }
        }
        let mask = audioInputIDsMask.map { NamedField("batch/audio_input_ids_mask", .tensor(.bool($0))) }
        return fields(ids) + (mask.map { [$0] } ?? []) + fields(labels)
    }
}
