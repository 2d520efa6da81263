import AlignmentStages

extension SampleCapture {
    /// What was recorded of a stage, without its facts; nil if it was not recorded.
    func recorded(_ stage: Stage) -> (captured: Outcome?, golden: Outcome?)? {
        switch stage {
        case .collator: collator.map { ($0.captured, $0.golden) }
        case .generation: generation.map { ($0.captured, $0.golden) }
        case .tokens: tokens.map { ($0.captured, $0.golden) }
        case .decode: decode.map { ($0.captured, $0.golden) }
        }
    }
}

extension SampleCapture {
    /// The sample whose generation facts know the prompt, as the batch had it, else as it was written.
    func knowingPrompt(_ model: ModelConfiguration) -> SampleCapture {
        var sample = self
        var prompt = collator?.facts.items.first?.promptIDs
        if case .tensor(.int64(let ids))? = collator?.captured?["batch/input_ids"], ids.shape[0] > 0 {
            prompt = Array(ids.row(0))
        }
        // Text may come before the audio, and ends in what opens it.
        let opening = (textIDs ?? []).prefix { $0 != Int64(model.audioOutTokenID) }
        sample.generation?.facts.promptTail = prompt.map {
            PromptTail(
                ids: $0 + opening, audioOutBOS: Int64(model.audioOutBOSTokenID),
                audioDelay: Int64(model.audioDelayTokenID))
        }
        if let prompt, let textIDs {
            sample.generation?.facts.text = GenerationFacts.TextFacts(
                promptIDs: prompt, generatedIDs: textIDs, model: model)
        }
        return sample
    }
}

extension CapturedProfile {
    /// The profile with the knobs that say how the sample was built, as the recorded sample shows them: the
    /// sample itself is better evidence than what a recorder wrote about it.
    ///
    /// What shows in no other sample than a faulty one is declared only where it shows.
    func observing(
        _ sample: SampleCapture, reference: Profile, model: ModelConfiguration
    ) -> CapturedProfile {
        var observed = self
        observed.observe(layoutOf: sample.collator?.captured)
        guard let item = sample.collator?.facts.items.first, item.built != nil else { return observed }
        item.observedKnobs(&observed.profile.collator, reference: reference.collator, model: model)
        observed.declared.formUnion([
            "collator.placeholders", "collator.waveforms", "collator.waveforms_start",
            "collator.waveform_sample_rate",
        ])
        observed.declared.insert(item.segments.isEmpty ? "collator.no_audio" : "collator.audio_ids_start")
        if observed.profile.collator.segmentCodes != reference.collator.segmentCodes {
            observed.declared.insert("collator.segment_codes")
        }
        if observed.profile.collator.generationPrompt != reference.collator.generationPrompt {
            observed.declared.insert("collator.generation_prompt")
        }
        observed.notUnderstood.removeAll(where: observed.declared.contains)
        return observed
    }

    /// The recorded batch shows whose model it was made for, and with it what that model's own loop does.
    private mutating func observe(layoutOf batch: Outcome?) {
        let names = batch?.fields.map(\.name) ?? []
        let isPort = names.contains { $0.hasPrefix("batch/audio_input_ids") }
        guard isPort || names.contains("batch/audio_out_ids") else { return }
        profile.collator.batchLayout = isPort ? .expanded : .placeholders
        declared.insert("collator.batch_layout")
        if declared.insert("generation.delay_machine").inserted {
            profile.generation.delayMachine = isPort ? .mask : .overwrite
        }
        if declared.insert("generation.ras_counts_specials").inserted {
            profile.generation.rasCountsSpecials = !isPort
        }
    }
}
