public import AlignmentCodec
public import AlignmentTensors

/// The decode stage: codes to waveforms.
public enum DecodeStage {
    /// Decodes each call's codes.
    ///
    /// - Parameter calls: codes as handed to the codec, [codebook, frame], ids 0 ..< codebook size.
    /// - Returns: one mono waveform for each call, [sample], 960 samples a frame at the released ratios.
    /// - Throws: `CodecError` where upstream's codec raises too.
    /// - Source: upstream `audio_processing/higgs_audio_tokenizer.py`, `HiggsAudioTokenizer.decode`.
    public static func run(
        _ calls: [NDArray<Int64>], with codec: Codec, under profile: DecodeProfile
    ) throws(CodecError) -> [[Float]] {
        var waveforms: [[Float]] = []
        for codes in calls {
            waveforms.append(try codec.decode(profile.quantizers.map(codes.prefixRows) ?? codes))
        }
        return waveforms
    }
}
