extension Knob {
    static let collator: [Knob] = [
        Knob(
            "collator.return_audio_in_tokens", \.collator.returnAudioInTokens,
            "Passes the codes under <|AUDIO|> to the model."),
        Knob(
            "collator.round_to", \.collator.roundTo, "Pads the sequence to a multiple of this.",
            where: { $0 > 0 }),
        Knob("collator.pad_side", \.collator.padSide, "Where the padding goes."),
        Knob(
            "collator.encode_whisper_embed", \.collator.encodeWhisperEmbed,
            "Computes Whisper features for <|AUDIO|>."),
        Knob(
            "collator.whisper_mel_bins", \.collator.whisperMelBins,
            "Mel bins of the Whisper processor; null without one.", where: { $0 ?? 1 > 0 }),
        Knob("collator.use_delay_pattern", \.collator.useDelayPattern, "Delays the conditioning codes."),
        Knob(
            "collator.audio_num_codebooks", \.collator.audioNumCodebooks,
            "Codebooks kept of each segment; null keeps all.", where: { $0 ?? 0 >= 0 }),
        Knob("collator.audio_stream_bos_id", \.collator.audioStreamBOS, "Opens a conditioning stream."),
        Knob("collator.audio_stream_eos_id", \.collator.audioStreamEOS, "Ends a conditioning stream."),
        Knob("collator.pad_token_id", \.collator.padTokenID, "The text id that pads."),
        Knob("collator.audio_in_token_id", \.collator.audioInTokenID, "The id of <|AUDIO|>."),
        Knob("collator.audio_out_token_id", \.collator.audioOutTokenID, "The id of <|AUDIO_OUT|>."),
        Knob(
            "collator.disable_audio_codes_transform", \.collator.disableAudioCodesTransform,
            "Takes codes without BOS and EOS columns."),
        Knob(
            "collator.mask_audio_out_token_label", \.collator.maskAudioOutTokenLabel,
            "Masks labels at <|AUDIO_OUT|>."),
        Knob(
            "collator.chunk_size_seconds", \.collator.chunkSizeSeconds,
            "Longest waveform of one Whisper window, in seconds.", where: { $0 > 0 && $0 < 1e6 }),
        Knob(
            "collator.audio_ids_start", \.collator.audioIDsStart,
            "Where each segment starts in the concatenated codes."),
        Knob("collator.no_audio", \.collator.noAudio, "How the absence of audio is passed on."),
        Knob("collator.waveforms", \.collator.waveforms, "Which reference waveforms the sample carries."),
        Knob(
            "collator.waveforms_start", \.collator.waveformsStart,
            "Where each waveform starts in the concatenated waveforms."),
        Knob(
            "collator.waveform_sample_rate", \.collator.waveformSampleRate,
            "The rate declared for the first waveform, in Hz.", where: { $0 ?? 1 > 0 }),
        Knob(
            "collator.audio_speaker_indices", \.collator.audioSpeakerIndices,
            "Names speakers; no code reads it."),
        Knob("collator.batch_layout", \.collator.batchLayout, "What the batch is made of."),
        Knob(
            "collator.placeholders", \.collator.placeholders,
            "Which <|AUDIO|> and <|AUDIO_OUT|> stay in the prompt."),
        Knob(
            "collator.segment_codes", \.collator.segmentCodes,
            "In what form the sample carries its segments' codes."),
        Knob(
            "collator.generation_prompt", \.collator.generationPrompt,
            "Whether a prompt that ends before the assistant's turn gets its header."),
    ]

    static let generation: [Knob] = [
        Knob(
            "generation.do_sample", \.generation.doSample, "Draws tokens; otherwise the largest score wins."),
        Knob("generation.temperature", \.generation.temperature, "Divides the logits."),
        Knob("generation.top_k", \.generation.topK, "Candidates kept per codebook.", where: { $0 ?? 0 >= 0 }),
        Knob("generation.top_p", \.generation.topP, "Probability mass of the nucleus."),
        Knob(
            "generation.ras_win_len", \.generation.rasWinLen,
            "Columns that repetition-aware sampling looks back on; null is off."),
        Knob(
            "generation.ras_win_max_num_repeat", \.generation.rasMaxRepeat,
            "Repeats in the window from which a row is drawn again."),
        Knob(
            "generation.ras_counts_specials", \.generation.rasCountsSpecials,
            "Repeats of BOS and EOS count in the window."),
        Knob("generation.stop_strings", \.generation.stopStrings, "Texts that end the generation."),
        Knob(
            "generation.max_new_tokens", \.generation.maxNewTokens,
            "Limit on steps of text and audio; null is the caller's choice."),
        Knob("generation.budget", \.generation.budget, "How the limit is found."),
        Knob("generation.seed", \.generation.seed, "Seeds the draws."),
        Knob(
            "generation.use_delay_pattern", \.generation.useDelayPattern,
            "Forces BOS and EOS as the delay pattern asks."),
        Knob(
            "generation.delay_machine", \.generation.delayMachine,
            "How the delay pattern forces BOS and EOS."),
        Knob(
            "generation.audio_num_codebooks", \.generation.audioNumCodebooks, "Codebooks of the audio head.",
            where: { (1...1024).contains($0) }),
        Knob(
            "generation.audio_codebook_size", \.generation.audioCodebookSize,
            "Codes in a codebook, without special ids.", where: { $0 > 0 }),
        Knob("generation.audio_stream_bos_id", \.generation.audioStreamBOS, "Opens an audio stream."),
        Knob("generation.audio_stream_eos_id", \.generation.audioStreamEOS, "Ends an audio stream."),
    ]

    static let tokens: [Knob] = [
        Knob(
            "tokens.revert", \.tokens.revert, "How often the delay is undone.",
            where: { (0...8).contains($0) }),
        Knob(
            "tokens.revert_chunk", \.tokens.revertChunk,
            "Undoes the delay in chunks of this many columns; null takes all at once.",
            where: { $0 ?? 1 > 0 }),
        Knob(
            "tokens.revert_overlap", \.tokens.revertOverlap,
            "Columns that each later chunk takes over from the one before.", where: { $0 >= 0 }),
        Knob("tokens.clip_max", \.tokens.clipMax, "Clips ids to 0 ... this; null leaves them."),
        Knob("tokens.strip", \.tokens.strip, "Which end columns are cut off."),
        Knob(
            "tokens.strip_guard", \.tokens.stripGuard,
            "Strips only streams of more columns than this; null always strips."),
        Knob("tokens.join_segments", \.tokens.joinSegments, "Joins the segments' codes before decoding."),
        Knob("tokens.order", \.tokens.order, "The order of revert, clip and strip."),
        Knob("tokens.codebooks", \.tokens.codebooks, "Codebooks handed on, in order; null hands on all."),
        Knob(
            "tokens.out_of_range", \.tokens.outOfRange,
            "Clips ids outside 0 ... clip_max, wraps them, or makes them 0."),
        Knob(
            "tokens.ramp_columns", \.tokens.rampColumns,
            "Columns cut off the start and the end of a stream before anything else.",
            where: { $0.start >= 0 && $0.end >= 0 }),
        Knob(
            "tokens.layout", \.tokens.layout,
            "Hands on [codebook, frame], its transpose, or the transpose's memory read as [codebook, frame]."),
    ]

    static let decode: [Knob] = [
        Knob("decode.dtype", \.decode.dtype, "Arithmetic of the codec."),
        Knob(
            "decode.n_quantizers", \.decode.quantizers, "Codebooks used inside the codec; null uses all.",
            where: { $0 ?? 0 >= 0 }),
        Knob(
            "decode.chunk_frames", \.decode.chunkFrames,
            "Frames decoded at a time; null decodes all at once.",
            where: { $0 ?? 1 > 0 }),
        Knob(
            "decode.chunk_context", \.decode.chunkContext,
            "Frames on each side of a chunk that are decoded and cut off.", where: { 0...1_000_000 ~= $0 }),
        Knob(
            "decode.chunk_right_context", \.decode.chunkRightContext,
            "Frames after a chunk that are decoded and cut off; null takes chunk_context.",
            where: { 0...1_000_000 ~= $0 ?? 0 }),
        Knob("decode.sample_rate", \.decode.sampleRate, "Rate in the written file's header, in Hz."),
        Knob("decode.subtype", \.decode.subtype, "Encoding of the written file; null if none was written."),
        Knob(
            "decode.weight_norm", \.decode.weightNorm,
            "Fuses the convolutions' magnitude and direction, or takes the direction alone."),
        Knob(
            "decode.trim", \.decode.trim,
            "Samples cut off the start and the end of each waveform; negative numbers pad with zeros.",
            where: { DecodeProfile.trimRange ~= $0.start && DecodeProfile.trimRange ~= $0.end }),
        Knob(
            "decode.trim_at", \.decode.trimAt,
            "Where the cuts act: on what the codec returns, or only on what is written."),
        Knob(
            "decode.output_scale", \.decode.outputScale,
            "Multiplies each waveform in float32; \"peak\" divides it by its largest magnitude."),
        Knob(
            "decode.scale_at", \.decode.scaleAt,
            "Where the scale acts: on what the codec returns, or only on what is written."),
        Knob(
            "decode.overflow", \.decode.overflow,
            "How samples become integers: as libsndfile clamps, or as 16 bits that wrap or are truncated."),
    ]
}
