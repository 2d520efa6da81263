import AlignmentJSON
import AlignmentStages
import AlignmentTensors
import AlignmentWording

/// The Whisper pathway: processor, mel bins, waveform, features.
extension ConditioningValidator {
    /// The features of the batch: [waveform, mel, frame]; nil if it holds None.
    private var features: Shape? {
        guard case .tensor(let tensor)? = batch("audio_features"), tensor.shape.rank == 3 else { return nil }
        return tensor.shape
    }

    private var holdsAudioIn: Bool {
        sample.collator?.facts.items.contains { $0.promptIDs.contains(Int64(model.audioInTokenID)) } ?? false
    }

    private var profilePath: String { path("profile.json") }

    /// Whether a batch was recorded.
    private var hasBatch: Bool { batch("input_ids") != nil }

    var whisperProcessor: ConditioningCheck {
        let encodes = declared("collator.encode_whisper_embed")?.bool ?? (hasBatch ? features != nil : nil)
        let bins = declared("collator.whisper_mel_bins")
        let isPresent = features != nil || (bins?.int != nil)
        func result(_ status: ConditioningCheck.Status, _ why: String) -> ConditioningCheck {
            ConditioningCheck(
                .whisperProcessor, status, bins == nil && !hasBatch ? .null : .bool(isPresent),
                expected: encodes.map(JSONValue.bool) ?? .null,
                [profilePath, path("collator/captured/batch/audio_features")], why)
        }
        guard let encodes else {
            return result(.notDecided, "neither a batch nor the collator's settings were recorded")
        }
        guard encodes else {
            return result(.passed, "the collator computes no Whisper features, so it needs no processor")
        }
        if features == nil, hasBatch {
            return result(.failed, "Whisper features are asked for, and the batch holds None in their place")
        }
        if features == nil, bins == nil {
            return result(.notDecided, "whether there is a processor was not recorded")
        }
        return isPresent
            ? result(.passed, "the collator has the processor that it needs")
            : result(
                .failed,
                "encode_whisper_embed is on without a processor: upstream's collator raises AttributeError as it is made"
            )
    }

    var melBins: ConditioningCheck {
        let declared = declared("collator.whisper_mel_bins")
        let seen = features?[1]
        let needed = evidence.model?["audio_encoder_config"]?["num_mel_bins"]?.int
        func result(_ status: ConditioningCheck.Status, _ why: String) -> ConditioningCheck {
            ConditioningCheck(
                .melBins, status, (seen ?? declared?.int).map(JSONValue.integer) ?? .null,
                expected: needed.map(JSONValue.integer) ?? .null,
                [path("collator/captured/batch/audio_features"), profilePath, "/config/model.json"], why)
        }
        if let seen, let said = declared?.int, seen != said {
            return result(
                .failed, "the profile declares \(said) mel bins, the features of the batch have \(seen)")
        }
        guard let bins = seen ?? declared?.int else {
            return declared == .null || hasBatch
                ? result(.passed, "there are no Whisper features whose mel bins could be wrong")
                : result(.notDecided, "neither a batch nor a processor was recorded")
        }
        guard let needed else {
            return result(.notDecided, "the model's configuration names no num_mel_bins of its audio encoder")
        }
        guard bins != needed else {
            return result(.passed, "the processor gives what the audio encoder takes")
        }
        return result(
            .failed,
            "a processor of \(bins) mel bins for an audio encoder of \(needed): "
                + (model.skipAudioTower
                    ? "this model has no audio tower and discards them, one with a tower raises"
                    : "the encoder's first convolution raises"))
    }

    var waveformRate: ConditioningCheck {
        let built = sample.collator?.facts.items.compactMap(\.built) ?? []
        func result(
            _ status: ConditioningCheck.Status, _ value: JSONValue, _ expected: JSONValue, _ why: String
        ) -> ConditioningCheck {
            ConditioningCheck(
                .waveformRate, status, value, expected: expected,
                [
                    path("collator/input/sample/audio_sample_rate"),
                    path("collator/input/sample/audio_waveforms_concat"),
                    path("collator/input/segments"),
                ], why)
        }
        guard !built.isEmpty else {
            return result(.notDecided, .null, .null, "the sample that the pipeline built was not recorded")
        }
        let waveforms = built.flatMap(\.attachedWaveforms)
        guard !waveforms.isEmpty else {
            return result(.passed, .null, .null, "no waveform is attached that could have a wrong rate")
        }
        guard let rates = waveforms.map(\.rate) as? [Double] else {
            return result(.failed, .null, .number(16_000), "a waveform is attached without its rate")
        }
        let sounds = evidence.sounds[sample.name] ?? []
        let value = JSONValue.array(rates.map(\.json))
        var isKnown = sounds.count == waveforms.count
        for (index, waveform) in waveforms.enumerated() where sounds.count == waveforms.count {
            guard let sound = sounds[index], let rate = sound.rate, sound.sampleCount > 0 else {
                isKnown = false
                continue
            }
            let trueRate = Double(waveform.count) * Double(rate) / Double(sound.sampleCount)
            guard abs(trueRate - rates[index]) <= 0.01 * rates[index] else {
                return result(
                    .failed, value, .array([trueRate.rounded().json]),
                    "waveform \(index) has \(waveform.count) samples for a sound of "
                        + "\(formatted("%.2f", Double(sound.sampleCount) / Double(rate))) s, so its rate is about "
                        + "\(formatted("%.0f", trueRate)) Hz and not the declared \(formatted("%.0f", rates[index]))"
                )
            }
        }
        guard rates.allSatisfy({ $0 == 16_000 }) else {
            return result(
                .warning, value, .number(16_000), "Whisper hears 16 kHz; the collator resamples the waveform")
        }
        return isKnown
            ? result(.passed, value, .number(16_000), "the declared rate is the waveform's own and Whisper's")
            : result(
                .warning, value, .number(16_000),
                "declared as Whisper's 16 kHz; the sound that was encoded is not there to check it against")
    }

    /// By what the batch holds, not by a flag.
    var pathway: SampleValidation.Pathway? {
        guard hasBatch else { return nil }
        return features?[0] ?? 0 > 0 ? .dual : .codecOnly
    }

    var conditioningPathway: ConditioningCheck {
        let needsFeatures = model.encodeWhisperEmbed && !model.skipAudioTower
        func result(_ status: ConditioningCheck.Status, _ why: String) -> ConditioningCheck {
            ConditioningCheck(
                .conditioningPathway, status, pathway.map { .string($0.rawValue) } ?? .null,
                expected: evidence.model == nil ? .null : .string(needsFeatures ? "dual" : "codec-only"),
                [path("collator/captured/batch/audio_features"), "/config/model.json"], why)
        }
        guard let pathway else { return result(.notDecided, "no batch was recorded") }
        guard evidence.model != nil else {
            return result(.notDecided, "what the model was built for was not recorded")
        }
        switch pathway {
        case .codecOnly:
            guard needsFeatures, holdsAudioIn else {
                return result(.passed, "the model is conditioned by codes, and needs nothing else")
            }
            return result(
                .failed, "the model was built for Whisper features, and the batch has none for <|AUDIO|>")
        case .dual:
            if needsFeatures { return result(.passed, "the model was built for both and gets both") }
            return model.skipAudioTower
                ? result(.warning, "Whisper features are computed, and this model discards them")
                : result(.failed, "Whisper features reach a model that was not built for them")
        }
    }
}

extension ChatMLSample {
    /// The waveforms that are not empty, with the rate that each is declared to have.
    fileprivate var attachedWaveforms: [(count: Int, rate: Double?)] {
        guard let samples = waveformsConcat, !samples.isEmpty, let waveformsStart else { return [] }
        let starts = waveformsStart.map { min(max($0, 0), samples.count) }
        let ends = starts.dropFirst() + [samples.count]
        return zip(starts, ends).enumerated().compactMap { index, bounds in
            let rate = sampleRates.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            return bounds.1 > bounds.0 ? (bounds.1 - bounds.0, rate) : nil
        }
    }
}
