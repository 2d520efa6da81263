import AlignmentTensors

/// Builds the port's batch of requests.
///
/// Source: transformers `processing_higgs_audio_v2.py`, `HiggsAudioV2Processor.__call__`: each audio's codes are
/// framed and delayed, and its placeholder becomes as many tokens as there are columns, the last ones delay tokens.
struct ExpandingCollator {
    private let profile: CollatorProfile
    private let model: ModelConfiguration
    private let location = "processing_higgs_audio_v2.py, HiggsAudioV2Processor.__call__"

    init(_ profile: CollatorProfile, model: ModelConfiguration) {
        self.profile = profile
        self.model = model
    }

    /// - Throws: what the port raises where placeholders and audio do not match in number, or where only some
    ///   requests of a batch have audio; what torch raises where a codebook is not there.
    func collate(_ items: [CollatorItem]) throws(UpstreamError) -> ExpandedBatch {
        let segments = items.flatMap(\.segments)
        let prompts = items.map { $0.prompt(under: profile, model: model) }
        let counts = prompts.map { prompt in prompt.count { $0 == audioOut } }
        try check(counts, audio: segments.isEmpty ? nil : segments.count)

        var built: [NDArray<Int64>] = []
        for segment in segments { built.append(stream(try segment.codes(under: profile))) }
        var rest = built[...]
        var expanded: [[Int64]] = []
        var streams: [[NDArray<Int64>]] = []
        for (prompt, count) in zip(prompts, counts) {
            streams.append(Array(rest.prefix(count)))
            expanded.append(expand(prompt, streams.last ?? []))
            rest = rest.dropFirst(count)
        }

        let padding = Padding(expanded, on: profile.padSide)
        var batch = ExpandedBatch(
            inputIDs: padding.pad(expanded, with: Int64(profile.padTokenID)),
            attentionMask: padding.pad(expanded.map { $0.map { _ in 1 } }, with: 0))
        let audio = segments.isEmpty ? nil : try stack(streams)
        (batch.audioInputIDs, batch.audioInputIDsMask) = (audio?.ids, audio?.mask)
        if items.contains(where: { $0.built?.labelIDs != nil }) {
            let unlabelled = [audioOut, Int64(profile.padTokenID), Int64(model.audioOutBOSTokenID)]
            batch.labels = batch.inputIDs.map { unlabelled.contains($0) ? maskedLabel : $0 }
            batch.audioLabels = batch.audioInputIDs?.map {
                [Int64(profile.audioStreamBOS), Int64(profile.audioStreamEOS)].contains($0) ? maskedLabel : $0
            }
        }
        return batch
    }

    private var audioOut: Int64 { Int64(profile.audioOutTokenID) }

    private func check(_ counts: [Int], audio: Int?) throws(UpstreamError) {
        let total = counts.reduce(0, +)
        let message: String
        switch audio {
        case nil where total > 0: message = "No audio were provided, but there are audio tokens in the prompt"
        case let audio? where total > 0 && audio != total:
            message =
                "The number of audio tokens in each text (\(counts)) should be the same as the "
                + "number of provided audios (\(audio))."
        case _? where total == 0: message = "Audio were provided, but there are no audio tokens in the prompt"
        default: return
        }
        throw UpstreamError(type: "ValueError", message: message, location: location)
    }

    /// One audio's delayed columns, [codebook, column].
    private func stream(_ codes: NDArray<Int64>) -> NDArray<Int64> { StreamBuilder(profile).stream(codes) }

    /// The prompt with each placeholder once for every column of its stream; the last codebooks - 1 of them are
    /// delay tokens, and as many there are for a stream of fewer columns.
    private func expand(_ prompt: [Int64], _ streams: [NDArray<Int64>]) -> [Int64] {
        var streams = streams[...]
        return prompt.flatMap { id -> [Int64] in
            guard id == audioOut, let stream = streams.popFirst() else { return [id] }
            let delay = max((profile.audioNumCodebooks ?? stream.rows) - 1, 0)
            return Array(repeating: audioOut, count: max(stream.columns - delay, 0))
                + Array(repeating: Int64(model.audioDelayTokenID), count: delay)
        }
    }

    /// Each request's streams one after the other, padded with EOS to one length.
    private func stack(
        _ streams: [[NDArray<Int64>]]
    ) throws(UpstreamError) -> (ids: NDArray<Int64>, mask: NDArray<Bool>) {
        var joined: [NDArray<Int64>] = []
        for each in streams {
            guard !each.isEmpty else {
                throw UpstreamError(
                    type: "ValueError", message: "torch.cat(): expected a non-empty list of Tensors",
                    location: location)
            }
            joined.append(
                NDArray(rows: each[0].rows, columns: each.reduce(0) { $0 + $1.columns }, joining: each))
        }
        let columns = joined.map(\.columns).max() ?? 0
        let rows = joined.first?.rows ?? 0
        var ids: [Int64] = []
        for stream in joined {
            for column in 0..<columns {
                for row in 0..<rows {
                    ids.append(column < stream.columns ? stream[row, column] : Int64(profile.audioStreamEOS))
                }
            }
        }
        let shape = Shape.cube(joined.count, columns, rows)
        guard let array = try? NDArray(shape: shape, scalars: ids) else {
            preconditionFailure("a batch has as many ids as its shape says")
        }
        return (array, NDArray(rows: joined.count, columns: columns) { $1 < joined[$0].columns })
    }
}
