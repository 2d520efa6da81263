extension DecodeStage {
    /// What the codec's decode returns of its own waveforms: they themselves where a pipeline finishes them later.
    public static func returned(_ waveforms: [[Float]], under profile: DecodeProfile) -> [[Float]] {
        profile.finishAt == .codec ? finished(waveforms, under: profile) : waveforms
    }

    /// Each call's waveform cut or padded at its ends, then scaled, in float32.
    ///
    /// The peak of a silent waveform is 0, and its samples become NaN, as in numpy.
    ///
    /// - Source: numpy's `x[start:-end]` and `np.pad`; `x * factor`, `x / np.abs(x).max()` for a float32 array.
    public static func finished(_ waveforms: [[Float]], under profile: DecodeProfile) -> [[Float]] {
        waveforms.map { scaled(trimmed($0, by: profile.trim), by: profile.outputScale) }
    }

    private static func trimmed(_ waveform: [Float], by cuts: EndCuts) -> [Float] {
        guard cuts != .none else { return waveform }
        let rest = EndCuts(max(cuts.start, 0), max(cuts.end, 0)).rest(of: waveform.count)
        func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: max(count, 0)) }
        return zeros(-cuts.start) + waveform[rest] + zeros(-cuts.end)
    }

    private static func scaled(_ waveform: [Float], by scale: OutputScale) -> [Float] {
        switch scale {
        case .factor(1): return waveform
        case .factor(let factor):
            let factor = Float(factor)
            return waveform.map { $0 * factor }
        case .peak:
            let peak = waveform.reduce(Float(0)) { $1.isNaN ? $1 : max($0, abs($1)) }
            return waveform.map { $0 / peak }
        }
    }
}

extension DecodeProfile {
    /// The samples that can be cut off or put at an end of a waveform.
    static let trimRange = -10_000_000...10_000_000

    /// Whether the codec gives the same waveforms under both: what is done to them then may differ.
    public func isDecodedAlike(_ other: DecodeProfile) -> Bool {
        dtype == other.dtype && weightNorm == other.weightNorm && quantizers == other.quantizers
            && chunkFrames == other.chunkFrames && chunkContext == other.chunkContext
    }
}
