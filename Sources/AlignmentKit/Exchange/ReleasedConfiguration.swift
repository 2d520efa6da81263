import AlignmentJSON

/// Configurations that a manifest can name instead of spelling them out.
enum ReleasedConfiguration {
    /// The names.
    static let names = ["higgs-audio-v2"]

    /// `/config/model.json` of a released model.
    ///
    /// Source: upstream's `configuration_higgs_audio.py`, and the released checkpoint's values for what that
    /// class has other defaults for (codebooks, delay pattern).
    static func model(_ name: String) -> JSONValue? {
        guard names.contains(name) else { return nil }
        return .object([
            "audio_num_codebooks": .integer(8), "audio_codebook_size": .integer(1024),
            "audio_stream_bos_id": .integer(1024), "audio_stream_eos_id": .integer(1025),
            "audio_in_token_idx": .integer(128015), "audio_out_token_idx": .integer(128016),
            "audio_out_bos_token_id": .integer(128013), "audio_eos_token_id": .integer(128012),
            "pad_token_id": .integer(128001), "use_delay_pattern": .bool(true),
            "encode_whisper_embed": .bool(false), "skip_audio_tower": .bool(true),
            "encode_audio_in_tokens": .bool(true),
        ])
    }

    /// `/config/tokens.json` of a released model: its own special tokens among those of Llama 3.
    static func tokens(_ name: String) -> JSONValue? {
        guard names.contains(name) else { return nil }
        // <|start_header_id|> assistant <|end_header_id|> and two line breaks.
        let header: [JSONValue] = [.integer(128006), .integer(78191), .integer(128007), .integer(271)]
        return .object([
            "audio_bos_token_id": .integer(128011), "audio_eos_token_id": .integer(128012),
            "audio_out_bos_token_id": .integer(128013), "audio_in_token_id": .integer(128015),
            "audio_out_token_id": .integer(128016), "pad_token_id": .integer(128001),
            "end_of_text_token_id": .integer(128001), "eot_token_id": .integer(128009),
            "audio_stream_bos_id": .integer(1024), "audio_stream_eos_id": .integer(1025),
            "text_vocab_size": .integer(128256), "assistant_header": .array(header),
        ])
    }
}
