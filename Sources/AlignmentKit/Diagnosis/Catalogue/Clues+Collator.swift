import AlignmentJSON
import AlignmentStages
import AlignmentTensors

extension Clues {
    private var items: [CollatorItem] { sample.collator?.facts.items ?? [] }

    /// The starts as the pipeline built them, none, and empty ones.
    var starts: [[String: JSONValue]] {
        let built = items.first?.built?.audioIDsStart.map { SegmentStarts.explicit($0).json }
        return [built, SegmentStarts.none.json, SegmentStarts.empty.json].compactMap(\.self)
            .map { ["collator.audio_ids_start": $0] }
    }

    /// Multiples of two that the captured length is one of and the longest prompt is padded to.
    var multiples: [[String: JSONValue]] {
        let (found, whole) = ids("batch/input_ids")
        guard let found, let whole, found.shape.rank == 2, whole.shape.rank == 2,
            found.columns > whole.columns
        else { return [] }
        return (1...12).map { 1 << $0 }.filter {
            found.columns == (whole.columns + $0 - 1) / $0 * $0
        }.map { ["collator.round_to": .integer($0)] }
    }

    /// What stands at the two ends of the captured prompts.
    var padIDs: [[String: JSONValue]] {
        guard let found = captured["batch/input_ids"]?.ids, found.shape.rank == 2, found.columns > 0 else {
            return []
        }
        let ends = (0..<found.rows).flatMap { [found[$0, 0], found[$0, found.columns - 1]] }
        return Set(ends).subtracting([Int64(profile.collator.padTokenID)]).sorted()
            .map { ["collator.pad_token_id": .integer(Int($0))] }
    }

    private var streams: NDArray<Int64>? {
        ["batch/audio_out_ids", "batch/audio_in_ids"].lazy.compactMap { captured[$0]?.ids }
            .first { $0.shape.rank == 2 && $0.rows > 0 && $0.columns > 0 }
    }

    /// The ids that open and close the captured streams, and both swapped.
    var streamIDs: [[String: JSONValue]] {
        func setting(_ bos: Int, _ eos: Int) -> [String: JSONValue] {
            ["collator.audio_stream_bos_id": .integer(bos), "collator.audio_stream_eos_id": .integer(eos)]
        }
        let (bos, eos) = (profile.collator.audioStreamBOS, profile.collator.audioStreamEOS)
        guard let streams else { return [setting(eos, bos)] }
        let seen = (Int(streams[0, 0]), Int(streams[streams.rows - 1, streams.columns - 1]))
        return [setting(eos, bos), setting(seen.0, seen.1), setting(seen.0, eos), setting(bos, seen.1)]
    }

    /// As many codebooks as the captured streams have.
    var codebookCounts: [[String: JSONValue]] {
        guard let streams, streams.rows < model.audioNumCodebooks else { return [] }
        return [["collator.audio_num_codebooks": .integer(streams.rows)]]
    }

    /// The order in which the encoded codebooks are found again in the captured stream of the first segment.
    var conditioningOrders: [[String: JSONValue]] {
        guard let streams, let codes = items.first?.segments.first?.codes, codes.columns > 0,
            let reverted = try? DelayPattern.revert(streams), reverted.columns > codes.columns
        else { return [] }
        let found = reverted.columns(1..<codes.columns + 1)
        guard let order = rowOrder(of: found, in: codes), order != Array(0..<codes.rows) else { return [] }
        return [["collator.segment_codes": .array(order.map { .integer($0) })]]
    }
}
