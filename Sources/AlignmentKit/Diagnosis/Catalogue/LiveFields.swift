import AlignmentStages
import AlignmentTensors

/// Which fields of the collator's batch the model reads.
///
/// Source: upstream `HiggsAudioModel.forward`: without an audio tower the Whisper features are discarded,
/// labels and group locations are for training, and None and empty `audio_in_ids` are mapped to the same.
enum LiveFields {
    /// The fields that are live, empty ones in one form.
    static func of(_ fields: [NamedField], stage: Stage, model: ModelConfiguration) -> [NamedField] {
        if stage == .generation { return fields.map { untilLastAudio($0, model) } }
        guard stage == .collator else { return fields }
        let hasAudioIn = fields.contains { field in
            guard field.name == "batch/input_ids", case .tensor(.int64(let ids)) = field.value else {
                return false
            }
            return ids.scalars.contains(Int64(model.audioInTokenID))
        }
        return fields.compactMap { field in
            switch field.name {
            case "batch/audio_features", "batch/audio_feature_attention_mask":
                model.skipAudioTower || !hasAudioIn ? nil : field
            case "batch/label_ids", "batch/label_audio_ids", "batch/reward",
                "batch/audio_out_ids_start_group_loc":
                nil
            case "batch/audio_in_ids", "batch/audio_in_ids_start":
                hasAudioIn ? field : nil
            default:
                field
            }
        }
    }

    /// The generated text as far as audio follows it.
    private static func untilLastAudio(_ field: NamedField, _ model: ModelConfiguration) -> NamedField {
        guard field.name == "text_ids", case .tensor(.int64(let ids)) = field.value else { return field }
        let end = ids.scalars.lastIndex(of: Int64(model.audioOutTokenID)).map { $0 + 1 } ?? 0
        return NamedField(field.name, .tensor(.int64(NDArray(vector: Array(ids.scalars[..<end])))))
    }

    /// Whether a field of the collator's batch is live for this batch.
    static func contains(_ name: String, of fields: [NamedField], stage: Stage, model: ModelConfiguration)
        -> Bool
    {
        of(fields, stage: stage, model: model).contains { $0.name == name }
    }
}
