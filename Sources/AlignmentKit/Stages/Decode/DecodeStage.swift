public import AlignmentCodec
public import AlignmentTensors

/// The decode stage: codes to waveforms.
public enum DecodeStage {
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
            // More than there are leave surplus rows in, on which upstream raises.
            let count = codec.quantizerCount
            let used = profile.quantizers.flatMap { $0 < count ? codes.prefixRows($0) : nil } ?? codes
            waveforms.append(try decode(used, with: codec, under: profile))
        }
        return waveforms
    }

    /// Decodes in stretches with frames around each that are decoded and cut off, where the profile says so.
    private static func decode(
        _ codes: NDArray<Int64>, with codec: Codec, under profile: DecodeProfile
    ) throws(CodecError) -> [Float] {
        guard let chunk = profile.chunkFrames, codes.shape.rank == 2, codes.columns > chunk else {
            return try codec.decode(codes)
        }
        var samples: [Float] = []
        samples.reserveCapacity(codes.columns * codec.hopLength)
        for start in stride(from: 0, to: codes.columns, by: chunk) {
            let end = min(start + chunk, codes.columns)
            let first = max(0, start - profile.chunkContext)
            let decoded = try codec.decode(
                codes.columns(first..<min(end + profile.chunkContext, codes.columns)))
            let cut = (start - first) * codec.hopLength
            samples += decoded[cut..<cut + (end - start) * codec.hopLength]
        }
        return samples
    }
}
