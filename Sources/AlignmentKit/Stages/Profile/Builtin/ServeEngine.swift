import AlignmentCodec

extension ProfileDescription {
    /// The built-in profiles, the reference first.
    public static let builtin = [serveEngine, generationScript, silentOutput, storyFix, transformersPort]

    /// The built-in profile of a name.
    public static func named(_ name: String) -> ProfileDescription? { builtin.first { $0.name == name } }

    /// Upstream's serving engine, boson_multimodal 0.1.1.
    public static let serveEngine = ProfileDescription(
        "serve-engine", "Upstream's serving engine, which works: the reference.",
        [
            KnobSetting("collator.return_audio_in_tokens", false, "serve_engine.py:269"),
            KnobSetting("collator.round_to", 1, "serve_engine.py:272"),
            KnobSetting("collator.pad_side", PadSide.right, "higgs_audio_collator.py:77"),
            KnobSetting("collator.encode_whisper_embed", model: .encodeWhisperEmbed, "serve_engine.py:263"),
            KnobSetting("collator.whisper_mel_bins", model: .whisperMelBins, "serve_engine.py:250"),
            KnobSetting("collator.use_delay_pattern", model: .useDelayPattern, "serve_engine.py:270"),
            KnobSetting("collator.audio_num_codebooks", model: .audioNumCodebooks, "serve_engine.py:271"),
            KnobSetting("collator.audio_stream_bos_id", model: .audioStreamBOS, "serve_engine.py:266"),
            KnobSetting("collator.audio_stream_eos_id", model: .audioStreamEOS, "serve_engine.py:267"),
            KnobSetting("collator.pad_token_id", model: .padTokenID, "serve_engine.py:268"),
            KnobSetting("collator.audio_in_token_id", model: .audioInTokenID, "serve_engine.py:264"),
            KnobSetting("collator.audio_out_token_id", model: .audioOutTokenID, "serve_engine.py:265"),
            KnobSetting("collator.disable_audio_codes_transform", false, "higgs_audio_collator.py:82"),
            KnobSetting("collator.mask_audio_out_token_label", true, "higgs_audio_collator.py:85"),
            KnobSetting("collator.chunk_size_seconds", 30.0, "higgs_audio_collator.py:83"),
            KnobSetting("collator.audio_ids_start", SegmentStarts.exclusive, "serve_engine.py:309"),
            KnobSetting("collator.no_audio", AbsentAudio.none, "serve_engine.py:316"),
            KnobSetting("collator.waveforms", AttachedWaveforms.none, "serve_engine.py:324"),
            KnobSetting("collator.waveforms_start", SegmentStarts.none, "serve_engine.py:325"),
            KnobSetting("collator.waveform_sample_rate", Double?.none, "serve_engine.py:326"),
            KnobSetting("collator.audio_speaker_indices", AbsentAudio.none, "serve_engine.py:327"),
            KnobSetting("collator.batch_layout", BatchLayout.placeholders, "higgs_audio_collator.py:498"),
            KnobSetting("collator.placeholders", PlaceholderRule.onePerSegment, "serve_engine.py:295"),
            KnobSetting("collator.segment_codes", SegmentCodes.asEncoded, "serve_engine.py:314"),
            KnobSetting("collator.generation_prompt", PromptEnding.appended, "serve_engine.py:286"),

            KnobSetting("generation.do_sample", true, "serve_engine.py:388"),
            KnobSetting("generation.temperature", 0.7, "serve_engine.py:345"),
            KnobSetting("generation.top_k", Int?.none, "serve_engine.py:346"),
            KnobSetting("generation.top_p", 0.95, "serve_engine.py:347"),
            KnobSetting("generation.ras_win_len", 7, "serve_engine.py:350"),
            KnobSetting("generation.ras_win_max_num_repeat", 2, "serve_engine.py:351"),
            KnobSetting("generation.ras_counts_specials", true, "modeling_higgs_audio.py:1526"),
            KnobSetting("generation.stop_strings", ["<|end_of_text|>", "<|eot_id|>"], "serve_engine.py:372"),
            KnobSetting("generation.max_new_tokens", Int?.none, "serve_engine.py:344, the caller's"),
            KnobSetting("generation.budget", Budget.fixed, "serve_engine.py:344"),
            KnobSetting("generation.seed", Int?.none, "serve_engine.py:352"),
            KnobSetting(
                "generation.use_delay_pattern", model: .useDelayPattern, "modeling_higgs_audio.py:1547"),
            KnobSetting("generation.delay_machine", DelayMachine.overwrite, "modeling_higgs_audio.py:1547"),
            KnobSetting(
                "generation.audio_num_codebooks", model: .audioNumCodebooks, "modeling_higgs_audio.py:889"),
            KnobSetting(
                "generation.audio_codebook_size", model: .audioCodebookSize, "modeling_higgs_audio.py:889"),
            KnobSetting(
                "generation.audio_stream_bos_id", model: .audioStreamBOS, "modeling_higgs_audio.py:1549"),
            KnobSetting(
                "generation.audio_stream_eos_id", model: .audioStreamEOS, "modeling_higgs_audio.py:1552"),

            KnobSetting("tokens.revert", 1, "serve_engine.py:401"),
            KnobSetting("tokens.revert_chunk", Int?.none, "serve_engine.py:401"),
            KnobSetting("tokens.revert_overlap", 0, "serve_engine.py:401"),
            KnobSetting("tokens.clip_max", model: .lastCode, "serve_engine.py:226"),
            KnobSetting("tokens.strip", Strip.both, "serve_engine.py:401"),
            KnobSetting("tokens.strip_guard", Int?.none, "serve_engine.py:401"),
            KnobSetting("tokens.join_segments", false, "serve_engine.py:400"),
            KnobSetting("tokens.order", [TokenStep.revert, .clip, .strip], "serve_engine.py:401"),
            KnobSetting("tokens.codebooks", [Int]?.none, "serve_engine.py:401"),
            KnobSetting("tokens.out_of_range", OutOfRange.clip, "serve_engine.py:401"),
            KnobSetting("tokens.ramp_columns", EndCuts.none, "serve_engine.py:401"),
            KnobSetting("tokens.layout", CodeLayout.codebooksFirst, "serve_engine.py:401"),

            KnobSetting("decode.dtype", CodecPrecision.float32, "higgs_audio_tokenizer.py:321"),
            KnobSetting("decode.n_quantizers", model: .audioNumCodebooks, "core_vq_lsx_version.py:419"),
            KnobSetting("decode.chunk_frames", Int?.none, "serve_engine.py:402"),
            KnobSetting("decode.chunk_context", 0, "serve_engine.py:402"),
            KnobSetting("decode.chunk_right_context", Int?.none, "serve_engine.py:402"),
            KnobSetting("decode.sample_rate", 24000, "serve_engine.py:415"),
            KnobSetting("decode.subtype", String?.none, "serve_engine.py:415, the caller's"),
            KnobSetting("decode.weight_norm", WeightNorm.fused, "descriptaudiocodec/dac/nn/layers.py:10"),
            KnobSetting("decode.trim", EndCuts.none, "serve_engine.py:402"),
            KnobSetting("decode.trim_at", FinishPoint.codec, "serve_engine.py:402"),
            KnobSetting("decode.output_scale", OutputScale.factor(1), "serve_engine.py:402"),
            KnobSetting("decode.scale_at", FinishPoint.codec, "serve_engine.py:402"),
            KnobSetting("decode.overflow", SampleOverflow.clamp, "serve_engine.py:415, the caller's"),
        ])
}
