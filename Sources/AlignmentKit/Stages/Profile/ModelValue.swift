import AlignmentJSON

/// A value that pipelines take from the configuration of the model or the codec; a profile's file writes it as
/// `{$model: name}`.
public enum ModelValue: String, Sendable, Codable, CaseIterable {
    case encodeAudioInTokens = "encode_audio_in_tokens"
    case encodeWhisperEmbed = "encode_whisper_embed"
    case whisperMelBins = "whisper_mel_bins"
    case useDelayPattern = "use_delay_pattern"
    case audioNumCodebooks = "audio_num_codebooks"
    case audioCodebookSize = "audio_codebook_size"
    case lastCode = "last_code"
    case lastCodeOfCodecProperty = "last_code_of_codec_property"
    case lastIDBeforeBOS = "last_id_before_bos"
    case audioStreamBOS = "audio_stream_bos_id"
    case audioStreamEOS = "audio_stream_eos_id"
    case padTokenID = "pad_token_id"
    case audioInTokenID = "audio_in_token_id"
    case audioOutTokenID = "audio_out_token_id"

    /// What it is, in a few words.
    public var summary: String {
        switch self {
        case .encodeAudioInTokens: "whether the model reads codes under <|AUDIO|>"
        case .encodeWhisperEmbed: "whether the model was built for Whisper features"
        case .whisperMelBins: "128 where the model was built for Whisper features, else null"
        case .useDelayPattern: "whether audio streams are delayed"
        case .audioNumCodebooks: "codebooks of the audio head"
        case .audioCodebookSize: "codes in a codebook, without the two special ids"
        case .lastCode: "audio_codebook_size - 1"
        case .lastCodeOfCodecProperty:
            "the codec's codebook_size property - 1; that property is its quantizer_dim"
        case .lastIDBeforeBOS: "audio_stream_bos_id - 1"
        case .audioStreamBOS: "the id that opens an audio stream"
        case .audioStreamEOS: "the id that ends an audio stream"
        case .padTokenID: "the text id that pads"
        case .audioInTokenID: "the id of <|AUDIO|>"
        case .audioOutTokenID: "the id of <|AUDIO_OUT|>"
        }
    }

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

    /// The knobs that can have this value, whatever the model.
    func fits(_ knob: Knob) -> Bool {
        var whisper = ModelConfiguration()
        whisper.encodeWhisperEmbed = true
        return [ModelConfiguration(), whisper].allSatisfy { model in
            var profile = Profile.blank
            return knob.set(json(of: model), in: &profile)
        }
    }
}
