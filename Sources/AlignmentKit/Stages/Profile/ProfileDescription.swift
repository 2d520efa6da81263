import AlignmentJSON

/// A named profile as data: a value and its source for each knob, some taken from the model's configuration.
public struct ProfileDescription: Sendable, Codable {
    /// The name that `--reference` takes.
    public let name: String
    /// What it describes, in one sentence.
    public let summary: String
    /// One setting for each knob, by archive key.
    public let settings: [String: KnobSetting]

    init(_ name: String, _ summary: String, on base: ProfileDescription? = nil, _ settings: [KnobSetting]) {
        self.name = name
        self.summary = summary
        let own = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0) })
        self.settings = (base?.settings ?? [:]).merging(own) { $1 }
    }

    /// The profile for one model; `problem(for:)` says whether there is one.
    public func resolved(for model: ModelConfiguration) -> Profile {
        var profile = Profile.blank
        for knob in Knob.all {
            guard let setting = settings[knob.key], knob.set(setting.value(for: model), in: &profile) else {
                preconditionFailure("the profile \(name) has no valid value for \(knob.key)")
            }
        }
        return profile
    }

    /// Why there is no such profile for a model, in one sentence: a value of its configuration is none that
    /// the knob takes.
    public func problem(for model: ModelConfiguration) -> String? {
        var profile = Profile.blank
        for knob in Knob.all {
            guard let setting = settings[knob.key] else { continue }
            let value = setting.value(for: model)
            guard !knob.set(value, in: &profile) else { continue }
            return
                "the profile \(name) (\(setting.source)) takes \(knob.key) from the model's configuration, "
                + "which gives \(value.compactText), expected \(knob.takes)"
        }
        return nil
    }
}

extension ProfileDescription: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}

extension Profile {
    /// A profile to write every knob of: its values mean nothing yet.
    static let blank = Profile(
        collator: CollatorProfile(
            returnAudioInTokens: false, roundTo: 1, padSide: .right, encodeWhisperEmbed: false,
            whisperMelBins: nil, useDelayPattern: true, audioNumCodebooks: nil, audioStreamBOS: 0,
            audioStreamEOS: 0, padTokenID: 0, audioInTokenID: 0, audioOutTokenID: 0,
            disableAudioCodesTransform: false, maskAudioOutTokenLabel: true, chunkSizeSeconds: 30,
            audioIDsStart: .none, noAudio: .none, waveforms: .none, waveformsStart: .none,
            waveformSampleRate: nil, audioSpeakerIndices: .none,
            batchLayout: .placeholders, placeholders: .asPrompted, segmentCodes: .asEncoded,
            generationPrompt: .asPrompted),
        generation: GenerationProfile(
            doSample: true, temperature: nil, topK: nil, topP: nil, rasWinLen: nil, rasMaxRepeat: 0,
            rasCountsSpecials: true, stopStrings: [], maxNewTokens: nil, budget: .fixed, seed: nil,
            useDelayPattern: true,
            delayMachine: .overwrite,
            audioNumCodebooks: 0, audioCodebookSize: 0, audioStreamBOS: 0, audioStreamEOS: 0),
        tokens: TokensProfile(
            revert: 0, revertChunk: nil, revertOverlap: 0, clipMax: nil, strip: .none, stripGuard: nil,
            joinSegments: false, order: [],
            codebooks: nil, outOfRange: .clip, rampColumns: .none, layout: .codebooksFirst),
        decode: DecodeProfile(
            dtype: .float32, quantizers: nil, chunkFrames: nil, chunkContext: 0, chunkRightContext: nil,
            sampleRate: 0, subtype: nil,
            weightNorm: .fused, trim: .none, trimAt: .codec, outputScale: .factor(1), scaleAt: .codec,
            overflow: .clamp))
}
