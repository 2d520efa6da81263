extension ProfileDescription {
    /// The pipeline whose silence started the project. What it leaves to upstream's package is the engine's.
    public static let silentOutput = ProfileDescription(
        "silent-output", "The pipeline of the story, whose sound was silence.", on: serveEngine,
        [
            KnobSetting("collator.return_audio_in_tokens", model: .encodeAudioInTokens, "story's script:158"),
            KnobSetting("collator.round_to", 1, "story's script:160"),
            KnobSetting("collator.encode_whisper_embed", true, "story's script:156"),
            KnobSetting("collator.whisper_mel_bins", 128, "story's script:126"),
            KnobSetting("collator.use_delay_pattern", model: .useDelayPattern, "story's script:159"),
            KnobSetting("collator.audio_num_codebooks", model: .audioNumCodebooks, "story's script:161"),
            KnobSetting("collator.audio_stream_bos_id", model: .audioStreamBOS, "story's script:152-157"),
            KnobSetting("collator.audio_stream_eos_id", model: .audioStreamEOS, "story's script:152-157"),
            KnobSetting("collator.pad_token_id", model: .padTokenID, "story's script:152-157"),
            KnobSetting("collator.audio_in_token_id", model: .audioInTokenID, "story's script:152-157"),
            KnobSetting("collator.audio_out_token_id", model: .audioOutTokenID, "story's script:152-157"),
            KnobSetting("collator.audio_ids_start", SegmentStarts.withTotal, "story's script:473"),
            KnobSetting("collator.no_audio", AbsentAudio.empty, "story's script:472"),
            KnobSetting("collator.waveforms", AttachedWaveforms.attached, "story's script:366"),
            KnobSetting("collator.waveforms_start", SegmentStarts.withTotal, "story's script:478"),
            KnobSetting("collator.waveform_sample_rate", 16000.0, "story's script:480"),
            KnobSetting("collator.audio_speaker_indices", AbsentAudio.empty, "story's script:481"),
            KnobSetting("collator.placeholders", PlaceholderRule.asPrompted, "story's script:336"),

            KnobSetting("generation.do_sample", true, "story's script:535"),
            KnobSetting("generation.temperature", 0.3, "story's script:417"),
            KnobSetting("generation.top_k", 50, "story's script:418"),
            KnobSetting("generation.top_p", 0.95, "story's script:419"),
            KnobSetting("generation.ras_win_len", Int?.none, "story's script:531, not passed"),
            KnobSetting("generation.ras_win_max_num_repeat", 2, "modeling_higgs_audio.py:1981"),
            KnobSetting("generation.stop_strings", ["<|end_of_text|>", "<|eot_id|>"], "story's script:524"),
            KnobSetting("generation.max_new_tokens", Int?.none, "story's script:520, the budget's"),
            KnobSetting("generation.budget", Budget.adaptive, "story's script:198"),
            KnobSetting("generation.seed", Int?.none, "story's script:420"),

            KnobSetting("tokens.revert", 1, "story's script:550"),
            KnobSetting("tokens.revert_chunk", Int?.none, "story's script:550"),
            KnobSetting("tokens.revert_overlap", 0, "story's script:550"),
            KnobSetting("tokens.clip_max", model: .lastCodeOfCodecProperty, "story's script:556"),
            KnobSetting("tokens.strip", Strip.both, "story's script:571"),
            KnobSetting("tokens.strip_guard", 2, "story's script:571"),
            KnobSetting("tokens.join_segments", true, "story's script:581"),
            KnobSetting("tokens.order", [TokenStep.revert, .clip, .strip], "story's script:550"),
            KnobSetting("tokens.codebooks", [Int]?.none, "story's script:550"),

            KnobSetting("decode.sample_rate", 24000, "story's script:641"),
            KnobSetting("decode.subtype", "PCM_16", "story's script:728"),
        ])
}
