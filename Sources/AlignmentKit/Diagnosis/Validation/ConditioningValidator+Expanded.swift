import AlignmentJSON
import AlignmentStages
import AlignmentTensors
import AlignmentWording

/// The reference in a batch of the port, whose placeholders stand once for each column.
extension ConditioningValidator {
    /// Whether the batch is laid out as the port does it.
    var isExpanded: Bool {
        batch("audio_input_ids") != nil || declared("collator.batch_layout") == BatchLayout.expanded.json
    }

    /// Columns of audio that the batch holds, and ids of its prompt that stand for one.
    var expandedReference: (status: ConditioningCheck.Status, value: JSONValue, why: String) {
        guard case .tensor(.int64(let prompt))? = batch("input_ids") else {
            return (.notDecided, .null, "no prompt of the batch was recorded")
        }
        let ids = [Int64(model.audioOutTokenID), Int64(model.audioDelayTokenID)]
        let places = prompt.scalars.count { ids.contains($0) }
        var columns = 0
        if case .tensor(.bool(let mask))? = batch("audio_input_ids_mask") {
            columns = mask.scalars.count { $0 }
        } else if case .tensor(let audio)? = batch("audio_input_ids"), audio.shape.rank == 3 {
            columns = audio.shape[0] * audio.shape[1]
        }
        let encoded = sample.collator?.facts.items.flatMap { $0.segments.map(\.codes) } ?? []
        let expected = encoded.reduce(0) { $0 + $1.columns + $1.rows + 1 }
        let value = JSONValue.array([
            .string("\(counted(columns, "column")) for \(counted(places, "placeholder"))")
        ])
        guard columns == places else {
            return (
                .failed, value,
                "the prompt has room for \(places) columns of audio, the batch holds \(columns)"
            )
        }
        guard encoded.isEmpty || columns == expected else {
            return (
                .failed, value,
                "the encoded sounds make \(counted(expected, "column")), of which \(columns) reach the model"
            )
        }
        return (
            .passed, value,
            columns == 0 ? "the request has no reference" : "the reference's columns reach the model"
        )
    }
}
