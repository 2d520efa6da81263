public import AlignmentTensors

/// The tokens stage: delayed ids to the codes that the codec gets.
public enum TokensStage {
    /// Cuts, reverts, clips and strips each segment and lays it out as the profile says, and joins them if it says so.
    ///
    /// - Parameters:
    ///   - segments: delayed streams as `generate` returned them, [codebook, column].
    ///   - model: its BOS and EOS are what a search for the end columns looks for.
    /// - Returns: the codes of each call of the codec, [codebook, frame].
    /// - Throws: what upstream's revert raises for very short streams, and the port's search for one without
    ///   a column of BOS; what torch raises for the remainder of a division by zero.
    /// - Source: upstream `serve/serve_engine.py`, `HiggsAudioServeEngine.generate`:
    ///   `revert_delay_pattern(x).clip(0, audio_codebook_size - 1)[:, 1:-1]`; transformers'
    ///   `HiggsAudioV2Processor.batch_decode`.
    public static func run(
        _ segments: [NDArray<Int64>], under profile: TokensProfile, model: ModelConfiguration
    ) throws(UpstreamError) -> [NDArray<Int64>] {
        let segments = segments.map { $0.columns(profile.rampColumns.rest(of: $0.columns)) }
        let search = profile.strip == .searched ? EndColumnSearch(model) : nil
        let opening = try search?.opening(of: segments) ?? 0
        var calls: [NDArray<Int64>] = []
        for segment in segments {
            var codes = segment
            for step in profile.order {
                switch step {
                case .revert: codes = try reverted(codes, under: profile)
                case .clip:
                    if let bound = profile.clipMax {
                        codes = try codes.bounded(to: bound, profile.outOfRange)
                    }
                case .strip:
                    codes = search?.inside(codes, after: opening) ?? stripped(codes, under: profile)
                }
            }
            if let order = profile.codebooks { codes = try codes.codebooks(order) }
            calls.append(codes.laidOut(profile.layout))
        }
        guard profile.joinSegments, calls.count > 1 else { return calls }
        if let error = UpstreamError.unequalSizes(
            exceptDimension: 1, sizes: calls.map(\.rows), in: "torch.concat of the segments' codes")
        {
            throw error
        }
        return [NDArray(rows: calls[0].rows, columns: calls.reduce(0) { $0 + $1.columns }, joining: calls)]
    }

    /// The stream with its delay undone as often as the profile says, whole or chunk by chunk.
    private static func reverted(
        _ delayed: NDArray<Int64>, under profile: TokensProfile
    ) throws(UpstreamError) -> NDArray<Int64> {
        let dimension = profile.strip == .searched ? 1 : 0
        var codes = delayed
        for _ in 0..<max(profile.revert, 0) {
            guard let length = profile.revertChunk else {
                codes = try DelayPattern.revert(codes, rowsAlong: dimension)
                continue
            }
            var parts: [NDArray<Int64>] = []
            for start in stride(from: 0, to: codes.columns, by: length) {
                let chunk = max(start - profile.revertOverlap, 0)..<min(start + length, codes.columns)
                parts.append(try DelayPattern.revert(codes.columns(chunk), rowsAlong: dimension))
            }
            codes = NDArray(
                rows: codes.rows, columns: parts.reduce(0) { $0 + $1.columns }, joining: parts)
        }
        return codes
    }

    private static func stripped(_ codes: NDArray<Int64>, under profile: TokensProfile) -> NDArray<Int64> {
        if let guardedColumns = profile.stripGuard, codes.columns <= guardedColumns { return codes }
        let (start, stop) =
            switch profile.strip {
            case .both: (1, -1)
            case .first: (1, codes.columns)
            case .last: (0, -1)
            case .none, .searched: (0, codes.columns)
            }
        return codes.columns(pythonSlice(start, stop, count: codes.columns))
    }
}
