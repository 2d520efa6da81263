import AlignmentJSON
import AlignmentStages

extension Deviation {
    static let collator = [
        Deviation(
            "collator.surplus-placeholder", .defect,
            "has more <|AUDIO|> and <|AUDIO_OUT|> placeholders than encoded segments",
            fix: "keep one placeholder for each segment, and the reference in one place", needs: [.encode],
            knobs: ["collator.placeholders"], when: { $0 == PlaceholderRule.asPrompted.json },
            tries: { _ in [["collator.placeholders": PlaceholderRule.asPrompted.json]] }),
        Deviation(
            "collator.missing-placeholder", .defect, "encoded a reference that no placeholder refers to",
            fix: "add the audio content to a message", needs: [.encode], check: FactChecks.missingPlaceholder),
        Deviation(
            "collator.reference-not-conditioned", .limit,
            "ends with a reference of which no code reaches the model",
            fix: "put the reference where its codes are passed on: in an assistant turn", needs: [.encode],
            check: FactChecks.referenceNotConditioned),
        Deviation(
            "collator.missing-generation-prompt", .defect,
            "leaves out the assistant header before generating",
            fix: "append <|start_header_id|>assistant<|end_header_id|> and two newlines to the prompt",
            knobs: ["collator.generation_prompt"],
            tries: { _ in [["collator.generation_prompt": .string("as-prompted")]] }),
        Deviation(
            "collator.missing-audio-out-bos", .setting, "does not force audio generation",
            fix: "force_audio_gen=True", needs: [.input], check: FactChecks.missingAudioOutBOS),
        Deviation(
            "collator.trailing-start", .defect, "passes n + 1 starts for n segments",
            fix: "slice the starts with [:-1]", needs: [.encode], knobs: ["collator.audio_ids_start"],
            when: { $0 == SegmentStarts.withTotal.json },
            tries: { _ in [["collator.audio_ids_start": SegmentStarts.withTotal.json]] }),
        Deviation(
            "collator.starts-wrong", .defect, "passes starts that do not match the segments' lengths",
            fix: "start each segment at the sum of the lengths before it", needs: [.encode],
            knobs: ["collator.audio_ids_start"], when: { $0 != SegmentStarts.withTotal.json },
            tries: \.starts),
        Deviation(
            "collator.waveforms-present", .defect, "attaches waveforms where the reference passes None",
            fix: "pass None for the waveforms, their starts and their rates", needs: [.encode],
            knobs: ["collator.waveforms", "collator.waveforms_start", "collator.waveform_sample_rate"]),
        Deviation(
            "collator.waveform-rate", .defect, "labels a waveform with a rate that it does not have",
            fix: "resample the waveform, or declare the rate that it has", needs: [.encode],
            check: FactChecks.waveformRate),
        Deviation(
            "collator.reference-codes-wrong", .defect,
            "passes on other codes than the codec gave for the reference",
            fix: "encode the reference as the serving engine does, and pass on what it gives",
            needs: [.encode],
            knobs: ["collator.segment_codes"], when: { $0 == .string("as-built") },
            tries: { _ in [["collator.segment_codes": .string("as-built")]] }),
        Deviation(
            "collator.return-audio-in-tokens", .setting,
            "passes on, or holds back, the codes under <|AUDIO|> other than the reference",
            fix: "put the voice in an assistant turn; the flag alone loses it",
            knobs: ["collator.return_audio_in_tokens"],
            tries: { [["collator.return_audio_in_tokens": .bool(!$0.profile.collator.returnAudioInTokens)]] }),
        Deviation(
            "collator.round-to", .defect, "pads the prompt to a multiple", fix: "round_to=1",
            knobs: ["collator.round_to"], tries: \.multiples),
        Deviation(
            "collator.pad-side", .defect, "pads on the other side", fix: "pad on the right",
            knobs: ["collator.pad_side"], tries: { _ in [["collator.pad_side": PadSide.left.json]] }),
        Deviation(
            "collator.pad-token", .defect, "pads with another id", fix: "use the configuration's pad id",
            knobs: ["collator.pad_token_id"], tries: \.padIDs),
        Deviation(
            "collator.delay-pattern", .defect,
            "delays the conditioning codes where the model does not, or the reverse",
            fix: "use the configuration's use_delay_pattern", knobs: ["collator.use_delay_pattern"],
            tries: { [["collator.use_delay_pattern": .bool(!$0.profile.collator.useDelayPattern)]] }),
        Deviation(
            "collator.delay-twice", .defect, "delays codes that are already delayed",
            fix: "hand the codec's codes to the collator, which delays them", needs: [.encode],
            knobs: ["collator.segment_codes"], when: isDelayed,
            tries: { _ in
                ["delayed", "delayed-bare"].map { ["collator.segment_codes": .string($0)] }
            }),
        Deviation(
            "collator.stream-ids", .defect, "swaps or changes the BOS and EOS ids of audio streams",
            fix: "take both ids from the configuration", needs: [.input, .configuration],
            knobs: ["collator.audio_stream_bos_id", "collator.audio_stream_eos_id"], tries: \.streamIDs),
        Deviation(
            "collator.codes-transform-disabled", .defect, "adds no BOS and EOS columns to the codes",
            fix: "leave the transform on", knobs: ["collator.disable_audio_codes_transform"],
            tries: { _ in [["collator.disable_audio_codes_transform": .bool(true)]] }),
        Deviation(
            "collator.codebook-count", .defect, "passes another number of codebooks than the model has",
            fix: "use the configuration's number", needs: [.input, .configuration],
            knobs: ["collator.audio_num_codebooks", "collator.segment_codes"], orWhen: isSelection,
            tries: \.codebookCounts),
        Deviation(
            "collator.codebook-order", .defect, "passes codebooks in another order", fix: "coarse first",
            needs: [.encode], knobs: ["collator.segment_codes"], when: isReordering,
            tries: \.conditioningOrders),
        Deviation(
            "collator.whisper-forced", .defect,
            "conditions on Whisper features other than the model was built for",
            fix: "use the configuration's encode_whisper_embed", needs: [.input, .configuration],
            knobs: ["collator.encode_whisper_embed"],
            tries: { [["collator.encode_whisper_embed": .bool(!$0.profile.collator.encodeWhisperEmbed)]] }),
        Deviation(
            "collator.whisper-mel-bins", .defect, "uses a Whisper processor of other mel bins",
            fix: "pin the processor, without a fallback", needs: [.input, .configuration],
            knobs: ["collator.whisper_mel_bins"],
            tries: { _ in [80, 128].map { ["collator.whisper_mel_bins": .integer($0)] } }),
    ]

    /// Whether a list of codebooks leaves some out, or names some twice.
    static let isSelection: @Sendable (JSONValue) -> Bool = { $0.array != nil && !isReordering($0) }

    private static let isDelayed: @Sendable (JSONValue) -> Bool = {
        $0 == .string("delayed") || $0 == .string("delayed-bare")
    }
}
