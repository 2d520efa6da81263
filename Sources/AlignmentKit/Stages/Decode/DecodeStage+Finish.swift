extension DecodeStage {
    /// What the codec's decode returns of its own waveforms: they themselves where a pipeline finishes them later.
    public static func returned(_ waveforms: [[Float]], under profile: DecodeProfile) -> [[Float]] {
        finish(waveforms, at: .codec, under: profile)
    }

    /// Each call's waveform cut or padded at its ends and scaled, in float32: in the codec, then on the way to the file,
    /// and where both act at one place the cuts first.
    ///
    /// The peak of a silent waveform is 0, and its samples become NaN, as in numpy.
    ///
    /// - Source: numpy's `x[start:-end]` and `np.pad`; `x * factor`, `x / np.abs(x).max()` for a float32 array.
    public static func finished(_ waveforms: [[Float]], under profile: DecodeProfile) -> [[Float]] {
        filed(returned(waveforms, under: profile), under: profile)
    }

    /// What is written of what the codec's decode returned.
    public static func filed(_ returned: [[Float]], under profile: DecodeProfile) -> [[Float]] {
        finish(returned, at: .file, under: profile)
    }

    private static func finish(
        _ waveforms: [[Float]], at place: FinishPoint, under profile: DecodeProfile
    ) -> [[Float]] {
        waveforms.map { waveform in
            let rest = profile.trimAt == place ? trimmed(waveform, by: profile.trim) : waveform
            return profile.scaleAt == place ? scaled(rest, by: profile.outputScale) : rest
        }
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
    /// Frames after a chunk that are decoded with it.
    public var rightContext: Int { chunkRightContext ?? chunkContext }

    /// The samples that can be cut off or put at an end of a waveform.
    static let trimRange = -10_000_000...10_000_000

    /// Whether the codec gives the same waveforms under both: what is done to them then may differ.
    public func isDecodedAlike(_ other: DecodeProfile) -> Bool {
        dtype == other.dtype && weightNorm == other.weightNorm && quantizers == other.quantizers
            && chunkFrames == other.chunkFrames && chunkContext == other.chunkContext
            && rightContext == other.rightContext
    }
}
