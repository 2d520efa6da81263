extension ProfileDescription {
    /// The repair that the story proposes. What it leaves to upstream's package is the engine's.
    public static let storyFix = ProfileDescription(
        "story-fix", "The story's complete fixed implementation, whose collator raises.", on: serveEngine,
        [
            KnobSetting("collator.return_audio_in_tokens", false, "the story's proposal"),
            KnobSetting("collator.round_to", 1, "the story's proposal"),
            KnobSetting("collator.encode_whisper_embed", model: .encodeWhisperEmbed, "the story's proposal"),
            KnobSetting("collator.whisper_mel_bins", model: .whisperMelBins, "the story's proposal"),
            KnobSetting("collator.use_delay_pattern", model: .useDelayPattern, "the story's proposal"),
            KnobSetting("collator.audio_num_codebooks", model: .audioNumCodebooks, "the story's proposal"),
            KnobSetting("collator.audio_stream_bos_id", model: .audioStreamBOS, "the story's proposal"),
            KnobSetting("collator.audio_stream_eos_id", model: .audioStreamEOS, "the story's proposal"),
            KnobSetting("collator.pad_token_id", model: .padTokenID, "the story's proposal"),
            KnobSetting("collator.audio_in_token_id", model: .audioInTokenID, "the story's proposal"),
            KnobSetting("collator.audio_out_token_id", model: .audioOutTokenID, "the story's proposal"),
            KnobSetting("collator.audio_ids_start", SegmentStarts.exclusive, "the story's proposal"),
            KnobSetting("collator.no_audio", AbsentAudio.none, "the story's proposal"),
            KnobSetting("collator.waveforms", AttachedWaveforms.none, "the story's proposal"),
            KnobSetting("collator.waveforms_start", SegmentStarts.none, "the story's proposal"),
            KnobSetting("collator.waveform_sample_rate", Double?.none, "the story's proposal"),
            KnobSetting("collator.audio_speaker_indices", AbsentAudio.none, "the story's proposal"),
            KnobSetting(
                "collator.placeholders", PlaceholderRule.asPrompted,
                "the story's proposal, whose prompt types a second one"),

            KnobSetting("generation.do_sample", true, "the story's proposal"),
            KnobSetting("generation.temperature", 0.7, "the story's proposal"),
            KnobSetting("generation.top_k", Int?.none, "the story's proposal"),
            KnobSetting("generation.top_p", 0.95, "the story's proposal"),
            KnobSetting("generation.ras_win_len", 7, "the story's proposal"),
            KnobSetting("generation.ras_win_max_num_repeat", 2, "the story's proposal"),
            KnobSetting(
                "generation.stop_strings", ["<|end_of_text|>", "<|eot_id|>"], "the story's proposal"),
            KnobSetting("generation.max_new_tokens", 1024, "the story's proposal"),
            KnobSetting("generation.budget", Budget.fixed, "the story's proposal"),
            KnobSetting("generation.seed", Int?.none, "the story's proposal"),

            KnobSetting("tokens.revert", 1, "the story's proposal"),
            KnobSetting("tokens.revert_chunk", Int?.none, "the story's proposal"),
            KnobSetting("tokens.revert_overlap", 0, "the story's proposal"),
            KnobSetting("tokens.clip_max", model: .lastCode, "the story's proposal"),
            KnobSetting("tokens.strip", Strip.both, "the story's proposal"),
            KnobSetting("tokens.strip_guard", Int?.none, "the story's proposal"),
            KnobSetting("tokens.join_segments", false, "the story's proposal"),
            KnobSetting("tokens.order", [TokenStep.revert, .clip, .strip], "the story's proposal"),
            KnobSetting("tokens.codebooks", [Int]?.none, "the story's proposal"),

            KnobSetting("decode.chunk_frames", Int?.none, "the story's proposal"),
            KnobSetting("decode.chunk_context", 0, "the story's proposal"),
            KnobSetting("decode.sample_rate", 24000, "the story's proposal"),
            KnobSetting("decode.subtype", "PCM_16", "the story's proposal"),
        ])
}
