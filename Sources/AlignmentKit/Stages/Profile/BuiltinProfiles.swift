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

            KnobSetting("decode.dtype", CodecPrecision.float32, "higgs_audio_tokenizer.py:321"),
            KnobSetting("decode.n_quantizers", model: .audioNumCodebooks, "core_vq_lsx_version.py:419"),
            KnobSetting("decode.sample_rate", 24000, "serve_engine.py:415"),
            KnobSetting("decode.subtype", String?.none, "serve_engine.py:415, the caller's"),
        ])

    /// Upstream's `examples/generation.py`.
    public static let generationScript = ProfileDescription(
        "generation-script", "Upstream's examples/generation.py, which is not the same as its engine.",
        on: serveEngine,
        [
            KnobSetting("collator.return_audio_in_tokens", model: .encodeAudioInTokens, "generation.py:233"),
            KnobSetting("collator.encode_whisper_embed", model: .encodeWhisperEmbed, "generation.py:231"),
            KnobSetting("collator.whisper_mel_bins", Int?.none, "generation.py:226"),
            KnobSetting("collator.audio_ids_start", SegmentStarts.withTotal, "generation.py:315"),
            KnobSetting("generation.temperature", 1.0, "generation.py:531"),
            KnobSetting("generation.top_k", 50, "generation.py:537"),
            KnobSetting("generation.max_new_tokens", 2048, "generation.py:185"),
            KnobSetting("tokens.clip_max", model: .lastCodeOfCodecProperty, "generation.py:357"),
            KnobSetting("tokens.join_segments", true, "generation.py:374"),
            KnobSetting("decode.subtype", "PCM_16", "generation.py:763"),
        ])

    /// The pipeline whose silence started the project.
    public static let silentOutput = ProfileDescription(
        "silent-output", "The pipeline of the story, whose sound was silence.", on: serveEngine,
        [
            KnobSetting("collator.return_audio_in_tokens", model: .encodeAudioInTokens, "story's script:158"),
            KnobSetting("collator.encode_whisper_embed", true, "story's script:156"),
            KnobSetting("collator.whisper_mel_bins", 128, "story's script:126"),
            KnobSetting("collator.audio_ids_start", SegmentStarts.withTotal, "story's script:473"),
            KnobSetting("collator.no_audio", AbsentAudio.empty, "story's script:472"),
            KnobSetting("collator.waveforms", AttachedWaveforms.attached, "story's script:366"),
            KnobSetting("collator.waveforms_start", SegmentStarts.withTotal, "story's script:478"),
            KnobSetting("collator.waveform_sample_rate", 16000.0, "story's script:480"),
            KnobSetting("collator.audio_speaker_indices", AbsentAudio.empty, "story's script:481"),
            KnobSetting("collator.placeholders", PlaceholderRule.asPrompted, "story's script:336"),
            KnobSetting("generation.temperature", 0.3, "story's script:417"),
            KnobSetting("generation.top_k", 50, "story's script:418"),
            KnobSetting("generation.ras_win_len", Int?.none, "story's script:531, not passed"),
            KnobSetting("generation.budget", Budget.adaptive, "story's script:198"),
            KnobSetting("tokens.clip_max", model: .lastCodeOfCodecProperty, "story's script:556"),
            KnobSetting("tokens.strip_guard", 2, "story's script:571"),
            KnobSetting("tokens.join_segments", true, "story's script:581"),
            KnobSetting("decode.subtype", "PCM_16", "story's script:728"),
        ])

    /// The repair that the story proposes.
    public static let storyFix = ProfileDescription(
        "story-fix", "The story's complete fixed implementation, whose collator raises.", on: serveEngine,
        [
            KnobSetting("collator.placeholders", PlaceholderRule.asPrompted, "the story's proposal"),
            KnobSetting("generation.max_new_tokens", 1024, "the story's proposal"),
            KnobSetting("decode.subtype", "PCM_16", "the story's proposal"),
        ])

    /// The port in transformers from version 5 on.
    public static let transformersPort = ProfileDescription(
        "transformers-port", "The port in transformers from version 5 on.", on: serveEngine,
        [
            KnobSetting("collator.batch_layout", BatchLayout.expanded, "processing_higgs_audio_v2.py:186"),
            KnobSetting(
                "collator.placeholders", PlaceholderRule.asPrompted, "processing_higgs_audio_v2.py:155"),
            KnobSetting("collator.pad_side", PadSide.left, "processing_higgs_audio_v2.py:71"),
            KnobSetting("collator.encode_whisper_embed", false, "the port has no Whisper pathway"),
            KnobSetting("collator.whisper_mel_bins", Int?.none, "the port has no Whisper pathway"),
            KnobSetting("collator.use_delay_pattern", true, "processing_higgs_audio_v2.py:183"),
            KnobSetting("generation.do_sample", false, "generation_higgs_audio_v2.py, the class default"),
            KnobSetting("generation.temperature", Double?.none, "generation_config sets none"),
            KnobSetting("generation.top_p", Double?.none, "generation_config sets none"),
            KnobSetting("generation.ras_counts_specials", false, "generation_higgs_audio_v2.py:368"),
            KnobSetting("generation.delay_machine", DelayMachine.mask, "generation_higgs_audio_v2.py:58"),
            KnobSetting("generation.use_delay_pattern", true, "generation_higgs_audio_v2.py:224"),
            KnobSetting("generation.stop_strings", [String](), "generation_higgs_audio_v2.py: EOS id"),
            KnobSetting("tokens.strip", Strip.searched, "processing_higgs_audio_v2.py:254"),
            KnobSetting("tokens.clip_max", model: .lastIDBeforeBOS, "processing_higgs_audio_v2.py:273"),
            KnobSetting(
                "tokens.order", [TokenStep.strip, .revert, .clip], "processing_higgs_audio_v2.py:254"),
            KnobSetting("decode.subtype", "PCM_16", "processing_higgs_audio_v2.py:350"),
        ])
}
