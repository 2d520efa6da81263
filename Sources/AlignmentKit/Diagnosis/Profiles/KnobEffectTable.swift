import AlignmentStages

extension KnobEffect {
    /// One row for each knob.
    static let table: [KnobEffect] = collator + generation + tokens + decode

    private static let collator = [
        KnobEffect("collator.return_audio_in_tokens", isExpanded, .conditional("the prompt holds <|AUDIO|>")),
        KnobEffect(
            "collator.round_to", isExpanded,
            .conditional("the prompt's length is no multiple of the larger one")),
        KnobEffect("collator.pad_side", .conditional("the batch is padded")),
        KnobEffect(
            "collator.encode_whisper_embed", isExpanded,
            .conditional(
                "the prompt holds <|AUDIO|>, and the model has an audio tower or the waveform is missing or "
                    + "longer than chunk_size_seconds")),
        KnobEffect(
            "collator.whisper_mel_bins", isExpanded, noWhisper,
            .conditional("the prompt holds <|AUDIO|> and the model has an audio tower")),
        KnobEffect(
            "collator.use_delay_pattern", .never("codes are taken as they are", ifBoth: takesCodesAsTheyAre),
            .conditional("a placeholder's codes are passed on")),
        KnobEffect(
            "collator.audio_num_codebooks",
            .conditional("a placeholder's codes that are passed on have more codebooks than the smaller one")),
        KnobEffect(
            "collator.audio_stream_bos_id",
            .never("codes are taken as they are", ifBoth: addsNoStreamIDs),
            .conditional("a placeholder's codes are passed on")),
        KnobEffect(
            "collator.audio_stream_eos_id",
            .never("codes are taken as they are", ifBoth: addsNoStreamIDs),
            .conditional("a placeholder's codes are passed on")),
        KnobEffect("collator.pad_token_id", .conditional("the batch is padded")),
        KnobEffect("collator.audio_in_token_id", .conditional("the prompt holds one of the two ids")),
        KnobEffect("collator.audio_out_token_id", .conditional("the prompt holds one of the two ids")),
        KnobEffect(
            "collator.disable_audio_codes_transform", .conditional("a placeholder's codes are passed on")),
        KnobEffect("collator.mask_audio_out_token_label", .never("labels are for training")),
        KnobEffect(
            "collator.chunk_size_seconds", isExpanded, noWhisper,
            .conditional("a waveform under <|AUDIO|> is longer than the shorter one")),
        KnobEffect(
            "collator.audio_ids_start", isExpanded,
            .conditional("there are more placeholders than encoded segments") { left, right in
                Set([left.collator.audioIDsStart.json, right.collator.audioIDsStart.json])
                    == [SegmentStarts.exclusive.json, SegmentStarts.withTotal.json]
            },
            .conditional("a placeholder's codes are passed on")),
        KnobEffect(
            "collator.no_audio", isExpanded,
            .conditional("the prompt holds a placeholder and no audio was encoded")),
        KnobEffect(
            "collator.waveforms", isExpanded, noWhisper,
            .conditional("Whisper features are computed for <|AUDIO|>")),
        KnobEffect(
            "collator.waveforms_start", isExpanded, noWhisper, noWaveforms,
            .conditional("Whisper features are computed for <|AUDIO|>")),
        KnobEffect(
            "collator.waveform_sample_rate", isExpanded, noWhisper, noWaveforms,
            .conditional("Whisper features are computed for <|AUDIO|>")),
        KnobEffect("collator.audio_speaker_indices", .never("no code reads it")),
        KnobEffect("collator.batch_layout", .always),
        KnobEffect(
            "collator.placeholders", .conditional("there are more placeholders than encoded segments")),
        KnobEffect(
            "collator.segment_codes",
            .never("an expanded batch has no built sample") { left, right in
                left.collator.batchLayout == .expanded
                    && [left, right].allSatisfy {
                        [.asEncoded, .asBuilt].contains($0.collator.segmentCodes)
                    }
            },
            .conditional("a placeholder's codes are passed on")),
        KnobEffect(
            "collator.generation_prompt",
            .conditional("the assistant's header does not stand after the prompt's last <|eot_id|>")),
    ]

    private static let noWhisper = Case.never("no Whisper features are computed") {
        !$0.collator.encodeWhisperEmbed
    }

    private static let isExpanded = Case.never("an expanded batch is built without it") {
        $0.collator.batchLayout == .expanded
    }

    private static let noWaveforms = Case.never("no waveform is attached") {
        $0.collator.waveforms != .attached
    }

    private static let takesCodesAsTheyAre: @Sendable (Profile) -> Bool = {
        $0.collator.disableAudioCodesTransform && $0.collator.batchLayout == .placeholders
    }

    private static let addsNoStreamIDs: @Sendable (Profile) -> Bool = {
        takesCodesAsTheyAre($0) && ![.delayed, .delayedBare].contains($0.collator.segmentCodes)
    }

    private static let generation = [
        KnobEffect(
            "generation.do_sample", shows: .scores,
            .conditional(
                "temperature, top_k or top_p change a score; drawing differs from taking the largest")
        ),
        KnobEffect(
            "generation.temperature", shows: .scores, notSampled,
            .never("None and 1 leave the logits as they are") { $0.generation.temperature ?? 1 == 1 }, .always
        ),
        KnobEffect(
            "generation.top_k", shows: .scores, notSampled,
            .never("None and 0 keep all candidates") { $0.generation.topK ?? 0 == 0 },
            .conditional("an id outside the smaller top_k is inside the nucleus of top_p")),
        KnobEffect(
            "generation.top_p", shows: .scores, notSampled,
            .never("None and values from 1 keep all candidates") { $0.generation.topP ?? 1 >= 1 },
            .conditional("an id outside the smaller nucleus is among the top_k")),
        KnobEffect(
            "generation.ras_win_len",
            .never("no id can stand in the window so often that it is drawn again", ifBoth: neverRedraws),
            .conditional("a drawn id stands in the longer window ras_win_max_num_repeat times")),
        KnobEffect(
            "generation.ras_win_max_num_repeat",
            .never("no id can stand in the window so often that it is drawn again", ifBoth: neverRedraws),
            .conditional("a drawn id stands in the window as often as the smaller one")),
        KnobEffect(
            "generation.ras_counts_specials",
            .never("no id can stand in the window so often that it is drawn again", ifBoth: neverRedraws),
            .conditional("a drawn BOS or EOS stands in the window ras_win_max_num_repeat times")),
        KnobEffect(
            "generation.stop_strings", shows: .newRun,
            .never("the same texts in another order") {
                Set($0.generation.stopStrings) == Set($1.generation.stopStrings)
            },
            .conditional("the text ends in one of them, which it cannot before the first audio has ended")),
        KnobEffect(
            "generation.max_new_tokens", shows: .newRun, nullIsCallersChoice: true,
            .conditional("the stream takes more steps than the smaller limit")),
        KnobEffect(
            "generation.budget", shows: .newRun,
            .conditional("the stream takes more steps than the adaptive limit")),
        KnobEffect(
            "generation.seed", shows: .newRun, nullIsCallersChoice: true,
            .never("nothing is drawn") { !$0.generation.doSample && neverRedraws($0) },
            .conditional("a token is drawn")),
        KnobEffect("generation.use_delay_pattern", .always),
        KnobEffect("generation.delay_machine", notDelayed, .always),
        KnobEffect(
            "generation.audio_num_codebooks", notDelayed,
            .conditional("a stream meets its EOS, or has more codebooks than the mask of the smaller number")),
        KnobEffect(
            "generation.audio_codebook_size", shows: .newRun, .conditional("the model has another audio head")
        ),
        KnobEffect(
            "generation.audio_stream_bos_id", notLookedFor,
            .conditional("a drawn id is one of the two and stands in the window ras_win_max_num_repeat times")
            {
                !$0.generation.useDelayPattern || !$1.generation.useDelayPattern
            },
            .conditional("the prompt's last ids hold <|audio_out_bos|>, from which the mask counts") {
                $0.generation.delayMachine == .mask || $1.generation.delayMachine == .mask
            }, .always),
        KnobEffect(
            "generation.audio_stream_eos_id", notLookedFor, .conditional("a stream holds one of the two ids")),
    ]

    private static let notSampled = Case.never("nothing is sampled") { !$0.generation.doSample }
    private static let notLookedFor = Case.never(
        "no delay is forced, and repeats of both ids count as of others"
    ) {
        !$0.generation.useDelayPattern && ($0.generation.rasCountsSpecials || neverRedraws($0))
    }
    private static let notDelayed = Case.never("no delay is forced") { !$0.generation.useDelayPattern }

    /// Repetition-aware sampling is off, or its window is shorter than the repeats that it asks for. A window
    /// of 0 columns looks back on all.
    private static let neverRedraws: @Sendable (Profile) -> Bool = {
        guard let length = $0.generation.rasWinLen else { return true }
        return length > 0 && $0.generation.rasMaxRepeat > length
    }
}
