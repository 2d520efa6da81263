import AlignmentTensors

/// The labels of one segment where codes are taken as they are: a view of its sample's labels, as torch's
/// slices are views.
///
/// Source: upstream `data_collator/higgs_audio_collator.py`, `HiggsAudioSampleCollator.__call__`.
struct LabelView {
    /// The sample's number in the batch.
    let sample: Int
    let columns: Range<Int>

    /// Label streams for the segments under `<|AUDIO_OUT|>`.
    ///
    /// Upstream masks a segment that is not trained on in place, so that segments which overlap it are masked
    /// there too. It takes views by the segment's number in the batch, but has none for samples without labels.
    static func streams(
        _ views: [LabelView]?, count: Int, of labels: [NDArray<Int64>?], isUntrained: [Bool]
    ) throws(UpstreamError) -> [NDArray<Int64>] {
        let location = "data_collator/higgs_audio_collator.py, HiggsAudioSampleCollator.__call__"
        guard count > 0 else { return [] }
        guard let views else { throw .noneNotSubscriptable(in: location) }
        guard count <= views.count else {
            throw UpstreamError(type: "IndexError", message: "list index out of range", location: location)
        }
        var labels = labels
        for (view, isUntrained) in zip(views, isUntrained) where isUntrained {
            let masked = labels[view.sample]
            labels[view.sample] = masked.map { masked in
                NDArray(rows: masked.rows, columns: masked.columns) { row, column in
                    view.columns.contains(column) ? maskedLabel : masked[row, column]
                }
            }
        }
        return views.prefix(count).compactMap { view in labels[view.sample]?.columns(view.columns) }
    }
}
