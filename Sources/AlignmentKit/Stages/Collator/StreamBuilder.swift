import AlignmentTensors

/// Makes conditioning streams of encoded segments: BOS, the codes, EOS, delayed.
///
/// Source: upstream `data_collator/higgs_audio_collator.py`, `HiggsAudioSampleCollator.__call__`.
struct StreamBuilder {
    private let bos: Int64
    private let eos: Int64
    private let delays: Bool
    private let takesCodesAsTheyAre: Bool
    private let location = "data_collator/higgs_audio_collator.py, HiggsAudioSampleCollator.__call__"

    init(_ profile: CollatorProfile) {
        bos = Int64(profile.audioStreamBOS)
        eos = Int64(profile.audioStreamEOS)
        delays = profile.useDelayPattern
        takesCodesAsTheyAre = profile.disableAudioCodesTransform
    }

    /// A builder that delays, whatever the collator does.
    init(delaying profile: CollatorProfile) {
        var profile = profile
        (profile.useDelayPattern, profile.disableAudioCodesTransform) = (true, false)
        self.init(profile)
    }

    /// One segment's stream: [codebook, frame] to [codebook, frame + codebooks + 1].
    func stream(_ codes: NDArray<Int64>) -> NDArray<Int64> {
        takesCodesAsTheyAre ? codes : transformed(codes, opener: bos, before: bos, after: eos)
    }

    /// The labels of the streams of these segments; all masked for a segment that is not trained on.
    func labels(of segments: [NDArray<Int64>], isUntrained: [Bool]) -> [NDArray<Int64>] {
        zip(segments, isUntrained).map { codes, isUntrained in
            let labels = transformed(codes, opener: maskedLabel, before: maskedLabel, after: maskedLabel)
            return isUntrained ? labels.map { _ in maskedLabel } : labels
        }
    }

    /// Streams side by side and where each starts; (0, 0) and no starts for none.
    func join(_ streams: [NDArray<Int64>]) throws(UpstreamError) -> (ids: NDArray<Int64>, starts: [Int64]) {
        guard let first = streams.first else {
            return (NDArray(repeating: 0, shape: .matrix(0, 0)), [])
        }
        if let error = UpstreamError.unequalSizes(
            exceptDimension: 1, sizes: streams.map(\.rows), in: location)
        {
            throw error
        }
        let total = cumulative(streams.map(\.columns))
        return (
            NDArray(rows: first.rows, columns: total[streams.count], joining: streams),
            total.dropLast().map(Int64.init)
        )
    }

    private func transformed(
        _ codes: NDArray<Int64>, opener: Int64, before: Int64, after: Int64
    ) -> NDArray<Int64> {
        let framed = NDArray<Int64>(rows: codes.rows, columns: codes.columns + 2) { row, column in
            switch column {
            case 0: opener
            case codes.columns + 1: eos
            default: codes[row, column - 1]
            }
        }
        return delays ? DelayPattern.build(framed, bos: before, eos: after) : framed
    }
}
