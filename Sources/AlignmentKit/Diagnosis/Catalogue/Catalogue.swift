import AlignmentJSON
import AlignmentStages

extension Deviation {
    /// The deviations that a profile declares by its knobs, most upstream first.
    public static let catalogue: [Deviation] = collator + generation + tokens + decode

    private static let collator = [
        Deviation(
            "collator.surplus-placeholder", .defect,
            "has more <|AUDIO|> and <|AUDIO_OUT|> placeholders than encoded segments",
            fix: "keep one placeholder for each segment, and the reference in one place",
            knobs: ["collator.placeholders"], when: { $0 == PlaceholderRule.asPrompted.json }),
        Deviation(
            "collator.trailing-start", .defect, "passes n + 1 starts for n segments",
            fix: "slice the starts with [:-1]", knobs: ["collator.audio_ids_start"],
            when: { $0 == SegmentStarts.withTotal.json }),
        Deviation(
            "collator.starts-wrong", .defect, "passes starts that do not match the segments' lengths",
            fix: "start each segment at the sum of the lengths before it",
            knobs: ["collator.audio_ids_start"], when: { $0 != SegmentStarts.withTotal.json }),
        Deviation(
            "collator.waveforms-present", .defect, "attaches waveforms where the reference passes None",
            fix: "pass None for the waveforms, their starts and their rates",
            knobs: [
                "collator.waveforms", "collator.waveforms_start", "collator.waveform_sample_rate",
            ]),
        Deviation(
            "collator.return-audio-in-tokens", .setting,
            "passes on, or holds back, the codes under <|AUDIO|> other than the reference",
            fix: "put the voice in an assistant turn; the flag alone loses it",
            knobs: ["collator.return_audio_in_tokens"]),
        Deviation(
            "collator.round-to", .defect, "pads the prompt to a multiple", fix: "round_to=1",
            knobs: ["collator.round_to"]),
        Deviation(
            "collator.pad-side", .defect, "pads on the other side", fix: "pad on the right",
            knobs: ["collator.pad_side"]),
        Deviation(
            "collator.pad-token", .defect, "pads with another id", fix: "use the configuration's pad id",
            knobs: ["collator.pad_token_id"]),
        Deviation(
            "collator.delay-pattern", .defect,
            "delays the conditioning codes where the model does not, or the reverse",
            fix: "use the configuration's use_delay_pattern", knobs: ["collator.use_delay_pattern"]),
        Deviation(
            "collator.stream-ids", .defect, "swaps or changes the BOS and EOS ids of audio streams",
            fix: "take both ids from the configuration",
            knobs: ["collator.audio_stream_bos_id", "collator.audio_stream_eos_id"]),
        Deviation(
            "collator.codes-transform-disabled", .defect, "adds no BOS and EOS columns to the codes",
            fix: "leave the transform on", knobs: ["collator.disable_audio_codes_transform"]),
        Deviation(
            "collator.codebook-count", .defect, "passes another number of codebooks than the model has",
            fix: "use the configuration's number", knobs: ["collator.audio_num_codebooks"]),
        Deviation(
            "collator.whisper-forced", .defect,
            "conditions on Whisper features other than the model was built for",
            fix: "use the configuration's encode_whisper_embed", knobs: ["collator.encode_whisper_embed"]),
        Deviation(
            "collator.whisper-mel-bins", .defect, "uses a Whisper processor of other mel bins",
            fix: "pin the processor, without a fallback", knobs: ["collator.whisper_mel_bins"]),
    ]

    private static let generation = [
        Deviation(
            "generation.temperature", .setting, "samples with another temperature",
            fix: "the reference's temperature, 0.7", knobs: ["generation.temperature"]),
        Deviation(
            "generation.top-p", .setting, "samples with another top_p", fix: "the reference's top_p, 0.95",
            knobs: ["generation.top_p"]),
        Deviation(
            "generation.top-k", .setting, "samples with another top_k", fix: "the reference's top_k, none",
            knobs: ["generation.top_k"]),
        Deviation(
            "generation.do-sample", .setting, "does not sample, or samples where the reference does not",
            fix: "do_sample=True", knobs: ["generation.do_sample"]),
        Deviation(
            "generation.ras-window", .setting, "looks back on another window for repeats, or on none",
            fix: "ras_win_len=7", knobs: ["generation.ras_win_len"]),
        Deviation(
            "generation.ras-max-repeat", .setting, "draws again from another number of repeats",
            fix: "ras_win_max_num_repeat=2", knobs: ["generation.ras_win_max_num_repeat"]),
        Deviation(
            "generation.stop-strings", .setting, "stops at other texts", fix: "the reference's stop strings",
            knobs: ["generation.stop_strings"]),
    ]

    private static let tokens = [
        Deviation(
            "tokens.no-revert", .defect, "leaves the delay in the codes", fix: "revert the delay once",
            knobs: ["tokens.revert"], when: { $0 == .integer(0) }),
        Deviation(
            "tokens.revert-twice", .defect, "undoes the delay more than once", fix: "revert the delay once",
            knobs: ["tokens.revert"], when: { $0 != .integer(0) }),
        Deviation(
            "tokens.no-strip", .defect, "keeps the BOS and EOS columns", fix: "[:, 1:-1]",
            knobs: ["tokens.strip"], when: { $0 == Strip.none.json }),
        Deviation(
            "tokens.strip-one-side", .defect, "cuts off only one of the two end columns", fix: "[:, 1:-1]",
            knobs: ["tokens.strip"], when: { $0 != Strip.none.json }),
        Deviation(
            "tokens.strip-guard", .defect, "skips the strip for short streams", fix: "strip without a guard",
            knobs: ["tokens.strip_guard"]),
        Deviation(
            "tokens.no-clip", .defect, "lets special ids reach the codec",
            fix: "clip to the codebook size minus 1", knobs: ["tokens.clip_max"], when: { $0 == .null }),
        Deviation(
            "tokens.clip-bound", .defect, "clips to another bound",
            fix: "clip to the model configuration's codebook size minus 1", knobs: ["tokens.clip_max"],
            when: { $0 != .null }),
        Deviation(
            "tokens.codebook-order", .defect, "permutes or drops codebooks before the codec",
            fix: "hand the codebooks on as sampled", knobs: ["tokens.codebooks"]),
        Deviation(
            "tokens.joined-segments", .setting, "joins the segments' codes before decoding",
            fix: "one call of the codec for each segment", knobs: ["tokens.join_segments"]),
        Deviation(
            "tokens.clip-order", .setting, "reverts, clips and strips in another order", fix: "none needed",
            knobs: ["tokens.order"]),
    ]

    private static let decode = [
        Deviation(
            "decode.chunked", .defect, "decodes in chunks with too few frames around them",
            fix: "decode each segment whole, or with 10 frames on each side of a chunk that are cut off",
            knobs: ["decode.chunk_frames", "decode.chunk_context"]),
        Deviation(
            "decode.quantizers", .defect, "uses only the first codebooks inside the codec",
            fix: "use all of them", knobs: ["decode.n_quantizers"]),
        Deviation(
            "decode.precision", .setting, "runs the codec in another precision", fix: "run it in float32",
            knobs: ["decode.dtype"]),
        Deviation(
            "decode.sample-rate", .defect, "writes another rate into the file's header",
            fix: "write the codec's rate, 24000", knobs: ["decode.sample_rate"]),
    ]
}
