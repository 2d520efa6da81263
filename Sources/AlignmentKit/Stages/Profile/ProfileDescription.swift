public import AlignmentJSON

/// A named profile as data: a value and its source for each knob, some taken from the model's configuration.
public struct ProfileDescription: Sendable {
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

    /// The profile for one model.
    public func resolved(for model: ModelConfiguration) -> Profile {
        var profile = Profile.blank
        for knob in Knob.all {
            guard let setting = settings[knob.key], knob.set(setting.value(for: model), in: &profile) else {
                preconditionFailure("the profile \(name) has no valid value for \(knob.key)")
            }
        }
        return profile
    }
}

extension ProfileDescription: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}

/// The value of one knob in a built-in profile, and where it was read.
public struct KnobSetting: Sendable {
    /// The knob's archive key.
    public let key: String
    /// Upstream's file and line, or the pipeline's.
    public let source: String
    private let content: Content

    private enum Content: Sendable {
        case fixed(JSONValue)
        case model(ModelValue)
    }

    init(_ key: String, _ value: some KnobValue, _ source: String) {
        (self.key, self.source, content) = (key, source, .fixed(value.json))
    }

    init(_ key: String, model value: ModelValue, _ source: String) {
        (self.key, self.source, content) = (key, source, .model(value))
    }

    /// The value for one model.
    public func value(for model: ModelConfiguration) -> JSONValue {
        switch content {
        case .fixed(let value): value
        case .model(let value): value.json(of: model)
        }
    }

    /// The value as a person reads it: the words of the configuration where it depends on one.
    public var isTakenFromModel: Bool {
        if case .model = content { true } else { false }
    }
}

/// A value that pipelines take from the configuration of the model or the codec.
enum ModelValue: Sendable {
    case encodeAudioInTokens, encodeWhisperEmbed, whisperMelBins, useDelayPattern
    case audioNumCodebooks, audioCodebookSize, lastCode, lastCodeOfCodecProperty, lastIDBeforeBOS
    case audioStreamBOS, audioStreamEOS, padTokenID, audioInTokenID, audioOutTokenID

    func json(of model: ModelConfiguration) -> JSONValue {
        switch self {
        case .encodeAudioInTokens: model.encodeAudioInTokens.json
        case .encodeWhisperEmbed: model.encodeWhisperEmbed.json
        case .whisperMelBins: model.encodeWhisperEmbed ? .integer(128) : .null
        case .useDelayPattern: model.useDelayPattern.json
        case .audioNumCodebooks: model.audioNumCodebooks.json
        case .audioCodebookSize: model.audioCodebookSize.json
        case .lastCode: (model.audioCodebookSize - 1).json
        case .lastCodeOfCodecProperty: (model.codecCodebookSizeProperty - 1).json
        case .lastIDBeforeBOS: (model.audioStreamBOS - 1).json
        case .audioStreamBOS: model.audioStreamBOS.json
        case .audioStreamEOS: model.audioStreamEOS.json
        case .padTokenID: model.padTokenID.json
        case .audioInTokenID: model.audioInTokenID.json
        case .audioOutTokenID: model.audioOutTokenID.json
        }
    }
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
            batchLayout: .placeholders, placeholders: .asPrompted),
        generation: GenerationProfile(
            doSample: true, temperature: nil, topK: nil, topP: nil, rasWinLen: nil, rasMaxRepeat: 0,
            rasCountsSpecials: true, stopStrings: [], maxNewTokens: nil, budget: .fixed, seed: nil,
            useDelayPattern: true,
            delayMachine: .overwrite,
            audioNumCodebooks: 0, audioCodebookSize: 0, audioStreamBOS: 0, audioStreamEOS: 0),
        tokens: TokensProfile(
            revert: 0, revertChunk: nil, revertOverlap: 0, clipMax: nil, strip: .none, stripGuard: nil,
            joinSegments: false, order: [],
            codebooks: nil),
        decode: DecodeProfile(dtype: .float32, quantizers: nil, sampleRate: 0, subtype: nil))
}
