public import AlignmentCodec
public import AlignmentTensors

/// The decode stage: codes to waveforms.
public enum DecodeStage {
    /// Frames on each side that a sample hangs on, at the released ratios.
    public static let reach = 10

    /// Decodes each call's codes, and cuts and scales what comes of it.
    ///
    /// - Parameters:
    ///   - calls: codes as handed to the codec, [codebook, frame], ids 0 ..< codebook size.
    ///   - codec: the codec, in any precision; `profile.dtype` chooses it.
    /// - Returns: one mono waveform for each call, [sample], 960 samples a frame at the released ratios.
    /// - Throws: `CodecError` where upstream's codec raises too; `.fusedWeights` if the profile takes the
    ///   directions alone and the weights hold none.
    /// - Source: upstream `audio_processing/higgs_audio_tokenizer.py`, `HiggsAudioTokenizer.decode`.
    public static func run(
        _ calls: [NDArray<Int64>], with codec: CodecFamily, under profile: DecodeProfile
    ) throws(CodecError) -> [[Float]] {
        finished(try decoded(calls, with: codec, under: profile), under: profile)
    }

    /// The codec's own waveforms, before anything is cut or scaled.
    ///
    /// - Throws: as `run`.
    public static func decoded(
        _ calls: [NDArray<Int64>], with codec: CodecFamily, under profile: DecodeProfile
    ) throws(CodecError) -> [[Float]] {
        let codec = try codec.codec(profile.dtype, profile.weightNorm)
        var waveforms: [[Float]] = []
        for codes in calls {
            let codes = used(codes, codec, profile)
            var samples: [Float] = []
            for chunk in chunks(of: codes, under: profile) { samples += try chunk.decode(codes, with: codec) }
            waveforms.append(samples)
        }
        return waveforms
    }

    /// Some frames of one call's waveform, decoded with no more frames around them than they hang on.
    ///
    /// - Parameter reach: frames on each side that a sample hangs on.
    /// - Returns: the samples of those frames, neither cut nor scaled; those of `decoded` but for rounding.
    /// - Throws: as `run`.
    public static func stretch(
        _ frames: Range<Int>, of codes: NDArray<Int64>, reach: Int = reach, with codec: CodecFamily,
        under profile: DecodeProfile
    ) throws(CodecError) -> [Float] {
        let codec = try codec.codec(profile.dtype, profile.weightNorm)
        let codes = used(codes, codec, profile)
        var samples: [Float] = []
        for chunk in chunks(of: codes, under: profile) where chunk.frames.overlaps(frames) {
            let kept = chunk.frames.clamped(to: frames)
            let around = kept.lowerBound - reach..<kept.upperBound + reach
            samples += try Chunk(frames: kept, decoded: chunk.decoded.clamped(to: around))
                .decode(codes, with: codec)
        }
        return samples
    }

    /// The codebooks that the codec looks at.
    private static func used(
        _ codes: NDArray<Int64>, _ codec: Codec, _ profile: DecodeProfile
    ) -> NDArray<Int64> {
        // More than there are leave surplus rows in, on which upstream raises.
        profile.quantizers.flatMap { $0 < codec.quantizerCount ? codes.prefixRows($0) : nil } ?? codes
    }

    /// Frames that are kept, and those that are decoded for them.
    private struct Chunk {
        var frames: Range<Int>
        var decoded: Range<Int>

        func decode(_ codes: NDArray<Int64>, with codec: Codec) throws(CodecError) -> [Float] {
            guard codes.shape.rank == 2, decoded != 0..<codes.columns || frames != decoded else {
                return try codec.decode(codes)
            }
            let samples = try codec.decode(codes.columns(decoded))
            let start = (frames.lowerBound - decoded.lowerBound) * codec.hopLength
            return Array(samples[start..<start + frames.count * codec.hopLength])
        }
    }

    /// All at once, or stretches with frames around each that are decoded and cut off, where the profile says so.
    private static func chunks(of codes: NDArray<Int64>, under profile: DecodeProfile) -> [Chunk] {
        // A shape that is none is the codec's to refuse.
        guard codes.shape.rank == 2 else { return [Chunk(frames: 0..<0, decoded: 0..<0)] }
        let all = 0..<codes.columns
        guard let length = profile.chunkFrames, all.count > length else {
            return [Chunk(frames: all, decoded: all)]
        }
        return stride(from: 0, to: all.count, by: length).map { start in
            let frames = start..<min(start + length, all.count)
            let wanted = start - profile.chunkContext..<frames.upperBound + profile.rightContext
            return Chunk(frames: frames, decoded: wanted.clamped(to: all))
        }
    }
}
