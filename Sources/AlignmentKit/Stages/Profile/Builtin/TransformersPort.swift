import AlignmentCodec

extension ProfileDescription {
    /// The port in transformers from version 5 on, as of 5.23.0.
    public static let transformersPort = ProfileDescription(
        "transformers-port", "The port in transformers from version 5 on.", on: serveEngine,
        [
            KnobSetting("collator.batch_layout", BatchLayout.expanded, "processing_higgs_audio_v2.py:186"),
            KnobSetting(
                "collator.placeholders", PlaceholderRule.asPrompted, "processing_higgs_audio_v2.py:155"),
            KnobSetting("collator.return_audio_in_tokens", false, "the port has no <|AUDIO|>"),
            KnobSetting("collator.round_to", 1, "processing_higgs_audio_v2.py:71, to the longest"),
            KnobSetting("collator.pad_side", PadSide.left, "processing_higgs_audio_v2.py:72"),
            KnobSetting("collator.encode_whisper_embed", false, "the port has no Whisper pathway"),
            KnobSetting("collator.whisper_mel_bins", Int?.none, "the port has no Whisper pathway"),
            KnobSetting("collator.chunk_size_seconds", 30.0, "the port has no Whisper pathway"),
            KnobSetting("collator.use_delay_pattern", true, "processing_higgs_audio_v2.py:183"),
            KnobSetting(
                "collator.audio_num_codebooks", model: .audioNumCodebooks, "processing_higgs_audio_v2.py:121"),
            KnobSetting(
                "collator.audio_stream_bos_id", model: .audioStreamBOS, "processing_higgs_audio_v2.py:94"),
            KnobSetting(
                "collator.audio_stream_eos_id", model: .audioStreamEOS, "processing_higgs_audio_v2.py:95"),
            KnobSetting("collator.pad_token_id", model: .padTokenID, "processing_higgs_audio_v2.py:211"),
            KnobSetting("collator.audio_in_token_id", model: .audioInTokenID, "the port has no <|AUDIO|>"),
            KnobSetting(
                "collator.audio_out_token_id", model: .audioOutTokenID, "processing_higgs_audio_v2.py:103"),
            KnobSetting("collator.disable_audio_codes_transform", false, "processing_higgs_audio_v2.py:179"),
            KnobSetting("collator.mask_audio_out_token_label", true, "processing_higgs_audio_v2.py:222"),
            KnobSetting(
                "collator.audio_ids_start", SegmentStarts.exclusive,
                "processing_higgs_audio_v2.py:195, none are made"),
            KnobSetting("collator.no_audio", AbsentAudio.none, "processing_higgs_audio_v2.py:212"),
            KnobSetting("collator.waveforms", AttachedWaveforms.none, "the port has no Whisper pathway"),
            KnobSetting("collator.waveforms_start", SegmentStarts.none, "the port has no Whisper pathway"),
            KnobSetting("collator.waveform_sample_rate", Double?.none, "the port has no Whisper pathway"),
            KnobSetting(
                "collator.audio_speaker_indices", AbsentAudio.none, "processing_higgs_audio_v2.py:212"),
            KnobSetting("collator.segment_codes", SegmentCodes.asEncoded, "processing_higgs_audio_v2.py:176"),
            KnobSetting(
                "collator.generation_prompt", PromptEnding.appended, "the caller's, by the chat template"),

            // What nobody set has the default of transformers' GenerationConfig.
            KnobSetting("generation.do_sample", false, "configuration_utils.py:613"),
            KnobSetting("generation.temperature", 1.0, "configuration_utils.py:617"),
            KnobSetting("generation.top_k", 50, "configuration_utils.py:618"),
            KnobSetting("generation.top_p", 1.0, "configuration_utils.py:619"),
            KnobSetting("generation.ras_win_len", 7, "generation_higgs_audio_v2.py:356, the checkpoint's"),
            KnobSetting(
                "generation.ras_win_max_num_repeat", 2, "generation_higgs_audio_v2.py:358, the checkpoint's"),
            KnobSetting("generation.ras_counts_specials", false, "generation_higgs_audio_v2.py:368"),
            KnobSetting(
                "generation.stop_strings", [String](), "generation_higgs_audio_v2.py:383, an id ends it"),
            KnobSetting("generation.max_new_tokens", Int?.none, "the caller's"),
            KnobSetting("generation.budget", Budget.fixed, "the caller's"),
            KnobSetting("generation.seed", Int?.none, "generation_higgs_audio_v2.py:349, the global state"),
            KnobSetting("generation.use_delay_pattern", true, "generation_higgs_audio_v2.py:224"),
            KnobSetting("generation.delay_machine", DelayMachine.mask, "generation_higgs_audio_v2.py:58"),
            KnobSetting(
                "generation.audio_num_codebooks", model: .audioNumCodebooks,
                "generation_higgs_audio_v2.py:230"),
            KnobSetting(
                "generation.audio_codebook_size", model: .audioCodebookSize,
                "generation_higgs_audio_v2.py:231"),
            KnobSetting(
                "generation.audio_stream_bos_id", model: .audioStreamBOS, "generation_higgs_audio_v2.py:228"),
            KnobSetting(
                "generation.audio_stream_eos_id", model: .audioStreamEOS, "generation_higgs_audio_v2.py:229"),

            KnobSetting("tokens.revert", 1, "processing_higgs_audio_v2.py:273"),
            KnobSetting("tokens.revert_chunk", Int?.none, "processing_higgs_audio_v2.py:273"),
            KnobSetting("tokens.revert_overlap", 0, "processing_higgs_audio_v2.py:273"),
            KnobSetting("tokens.clip_max", model: .lastIDBeforeBOS, "processing_higgs_audio_v2.py:273"),
            KnobSetting("tokens.strip", Strip.searched, "processing_higgs_audio_v2.py:254"),
            KnobSetting("tokens.strip_guard", Int?.none, "processing_higgs_audio_v2.py:254"),
            KnobSetting("tokens.join_segments", false, "processing_higgs_audio_v2.py:271"),
            KnobSetting(
                "tokens.order", [TokenStep.strip, .revert, .clip], "processing_higgs_audio_v2.py:254"),
            KnobSetting("tokens.codebooks", [Int]?.none, "processing_higgs_audio_v2.py:273"),
            KnobSetting("tokens.out_of_range", OutOfRange.clip, "processing_higgs_audio_v2.py:273"),
            KnobSetting("tokens.ramp_columns", EndCuts.none, "processing_higgs_audio_v2.py:254"),
            KnobSetting("tokens.layout", CodeLayout.codebooksFirst, "processing_higgs_audio_v2.py:275"),

            KnobSetting(
                "decode.dtype", CodecPrecision.float32, "processing_higgs_audio_v2.py:275, as loaded"),
            KnobSetting(
                "decode.n_quantizers", model: .audioNumCodebooks, "modeling_higgs_audio_v2_tokenizer.py:444"),
            KnobSetting("decode.chunk_frames", Int?.none, "processing_higgs_audio_v2.py:275"),
            KnobSetting("decode.chunk_context", 0, "processing_higgs_audio_v2.py:275"),
            KnobSetting("decode.chunk_right_context", Int?.none, "processing_higgs_audio_v2.py:275"),
            KnobSetting("decode.sample_rate", 24000, "processing_higgs_audio_v2.py:77"),
            KnobSetting("decode.subtype", "PCM_16", "processing_higgs_audio_v2.py:350"),
            KnobSetting("decode.weight_norm", WeightNorm.fused, "modeling_higgs_audio_v2_tokenizer.py:94"),
            KnobSetting("decode.trim", EndCuts.none, "processing_higgs_audio_v2.py:275"),
            KnobSetting("decode.trim_at", FinishPoint.codec, "processing_higgs_audio_v2.py:275"),
            KnobSetting("decode.output_scale", OutputScale.factor(1), "processing_higgs_audio_v2.py:275"),
            KnobSetting("decode.scale_at", FinishPoint.codec, "processing_higgs_audio_v2.py:275"),
            KnobSetting("decode.overflow", SampleOverflow.clamp, "processing_higgs_audio_v2.py:350"),
        ])
}
