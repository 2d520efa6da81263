import AlignmentStages

extension KnobEffect {
    static let decode = [
        KnobEffect("decode.dtype", .always),
        KnobEffect(
            "decode.n_quantizers", .conditional("the codes have more codebooks than the smaller number")),
        KnobEffect(
            "decode.chunk_frames",
            .never("10 frames on each side of a chunk reach as far as the codec does", ifBoth: reachesFar),
            .conditional("a call has more frames than the smaller chunk")),
        KnobEffect(
            "decode.chunk_context",
            .never("nothing is decoded in chunks") { $0.decode.chunkFrames == nil },
            .never("10 frames on each side of a chunk reach as far as the codec does", ifBoth: reachesFar),
            .conditional("a call has more frames than a chunk")),
        KnobEffect(
            "decode.chunk_right_context",
            .never("nothing is decoded in chunks") { $0.decode.chunkFrames == nil },
            .never("10 frames on each side of a chunk reach as far as the codec does", ifBoth: reachesFar),
            .conditional("a call has more frames than a chunk")),
        KnobEffect(
            "decode.weight_norm",
            .conditional("a magnitude is another than the norm of its direction")),
        KnobEffect("decode.trim", .conditional("a waveform has more samples than the smaller cut")),
        KnobEffect(
            "decode.trim_at", .never("nothing is cut") { $0.decode.trim == .none },
            .conditional("the waveforms that the codec returned were recorded")),
        KnobEffect("decode.output_scale", .conditional("a waveform has a sample other than 0")),
        KnobEffect(
            "decode.scale_at", .never("nothing is scaled") { $0.decode.outputScale == .factor(1) },
            .conditional("the waveforms that the codec returned were recorded")),
        KnobEffect("decode.overflow", .conditional("a file of whole numbers was written")),
        KnobEffect("decode.sample_rate", shows: .file, .conditional("a file was written")),
        KnobEffect(
            "decode.subtype", shows: .file, nullIsCallersChoice: true, .conditional("a file was written")),
    ]

    /// Each sample hangs on its frame and 10 on each side; narrower types round what differs in the last bit.
    private static let reachesFar: @Sendable (Profile) -> Bool = {
        $0.decode.chunkFrames == nil
            || min($0.decode.chunkContext, $0.decode.rightContext) >= DecodeStage.reach
                && $0.decode.dtype == .float32
    }
}
