public import AlignmentJSON

/// What the stages need to know of the model: codebooks, special ids, and which inputs it reads.
///
/// Source: upstream `configuration_higgs_audio.py` (`HiggsAudioConfig`) and, with other names for the
/// same things, transformers' `HiggsAudioV2Config`.
public struct ModelConfiguration: Sendable, Equatable {
    /// Codebooks of the audio head.
    public var audioNumCodebooks = 8
    /// Codes in a codebook, without the two special ids.
    public var audioCodebookSize = 1024
    /// The id that opens an audio stream.
    public var audioStreamBOS = 1024
    /// The id that ends an audio stream.
    public var audioStreamEOS = 1025
    /// The text id that pads.
    public var padTokenID = 128001
    /// The id of `<|AUDIO|>`.
    public var audioInTokenID = 128015
    /// The id of `<|AUDIO_OUT|>`.
    public var audioOutTokenID = 128016
    /// The id of `<|audio_bos|>`.
    public var audioBOSTokenID = 128011
    /// The id of `<|audio_eos|>`.
    public var audioEOSTokenID = 128012
    /// The id of `<|audio_out_bos|>`.
    public var audioOutBOSTokenID = 128013
    /// The port's id for audio whose streams are ending, `<|reserved_special_token_6|>`.
    public var audioDelayTokenID = 128014
    /// The id of `<|eot_id|>`, with which the port ends a generation.
    public var eotTokenID = 128009
    /// The id of `<|end_of_text|>`.
    public var endOfTextTokenID = 128001
    /// The ids that open an assistant's turn; none where they are not known.
    public var assistantHeader: [Int64] = []
    /// The model was built for Whisper features.
    public var encodeWhisperEmbed = false
    /// The model has no audio tower and discards Whisper features.
    public var skipAudioTower = true
    /// Audio streams are delayed, one column more for each codebook.
    public var useDelayPattern = true
    /// The model reads codes under `<|AUDIO|>`.
    public var encodeAudioInTokens = true

    /// What the codec's `codebook_size` property returns: its `quantizer_dim`, not the number of codes.
    public var codecCodebookSizeProperty = 1024

    /// The released 3B model's configuration.
    public init() {}

    /// What an archive's `config/model.json`, `config/tokens.json` and `config/codec.json` say; the released
    /// model's values where they say nothing.
    public init(model: JSONValue?, tokens: JSONValue?, codec: JSONValue?) {
        func int(_ path: WritableKeyPath<ModelConfiguration, Int>, _ names: [String]) {
            let found = names.lazy.compactMap { model?[$0]?.int ?? tokens?[$0]?.int }.first
            if let found { self[keyPath: path] = found }
        }
        func bool(_ path: WritableKeyPath<ModelConfiguration, Bool>, _ name: String) {
            if let found = model?[name]?.bool { self[keyPath: path] = found }
        }
        // The port knows only `<|audio_out_bos|>` and calls it audio_bos.
        let isPort = model?["audio_delay_token_id"] != nil
        int(\.audioNumCodebooks, ["audio_num_codebooks", "num_codebooks"])
        if let size = model?["audio_codebook_size"]?.int {
            audioCodebookSize = size
        } else if let sizeWithSpecials = model?["codebook_size"]?.int {
            // The port counts the two special ids in.
            audioCodebookSize = sizeWithSpecials - 2
        }
        int(\.audioStreamBOS, ["audio_stream_bos_id"])
        int(\.audioStreamEOS, ["audio_stream_eos_id"])
        int(\.padTokenID, ["pad_token_id"])
        int(\.audioInTokenID, ["audio_in_token_idx", "audio_in_token_id", "audio_token_id"])
        int(\.audioOutTokenID, ["audio_out_token_idx", "audio_out_token_id"])
        int(\.audioBOSTokenID, isPort ? [] : ["audio_bos_token_id"])
        int(\.audioEOSTokenID, ["audio_eos_token_id"])
        int(\.audioOutBOSTokenID, ["audio_out_bos_token_id"] + (isPort ? ["audio_bos_token_id"] : []))
        int(\.audioDelayTokenID, ["audio_delay_token_id"])
        int(\.eotTokenID, ["eot_token_id"] + (isPort ? ["eos_token_id"] : []))
        int(\.endOfTextTokenID, ["end_of_text_token_id"])
        assistantHeader = tokens?["assistant_header"].flatMap([Int].init(json:))?.map(Int64.init) ?? []
        bool(\.encodeWhisperEmbed, "encode_whisper_embed")
        bool(\.skipAudioTower, "skip_audio_tower")
        bool(\.useDelayPattern, "use_delay_pattern")
        bool(\.encodeAudioInTokens, "encode_audio_in_tokens")
        codecCodebookSizeProperty =
            codec?["codebook_size"]?.int ?? codec?["quantizer_dim"]?.int ?? codecCodebookSizeProperty
    }

    /// What the special tokens add to a text; stop strings are made of them.
    public var tokenTexts: [Int64: String] {
        [
            (audioInTokenID, "<|AUDIO|>"), (audioOutTokenID, "<|AUDIO_OUT|>"),
            (audioBOSTokenID, "<|audio_bos|>"),
            (audioEOSTokenID, "<|audio_eos|>"), (audioOutBOSTokenID, "<|audio_out_bos|>"),
            (eotTokenID, "<|eot_id|>"), (endOfTextTokenID, "<|end_of_text|>"),
        ].reduce(into: [:]) { $0[Int64($1.0)] = $1.1 }
    }
}
