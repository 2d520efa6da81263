extension JSONRule {
    /// `/config/tokens.json`.
    static let tokens = JSONRule.object(
        [
            "audio_in_token_id", "audio_out_token_id", "audio_bos_token_id", "audio_eos_token_id",
            "audio_out_bos_token_id", "pad_token_id", "eot_token_id", "end_of_text_token_id",
            "audio_stream_bos_id", "audio_stream_eos_id", "text_vocab_size",
        ].map { JSONField($0, .integer, .null) } + [JSONField("assistant_header", .list, .null)],
        isOpen: false)

    /// `/hooks.json`.
    static let hooks = JSONRule.object(
        ["installed", "called", "failed"].map { JSONField($0, .object, isRequired: true) }, isOpen: false)

    /// `/script.json`.
    static let script = JSONRule.object(
        [
            JSONField("argv", .list, isRequired: true),
            JSONField("exit_status", .integer, .null, isRequired: true),
            JSONField("signal", .integer, .string, .null, isRequired: true),
            JSONField("traceback", .string, .null, isRequired: true),
        ], isOpen: false)

    /// `/weights/codec.json`.
    static let codecReference = JSONRule.object(
        [
            JSONField("archive_sha256", .string, .null, isRequired: true),
            JSONField("path", .string, .null, isRequired: true),
            JSONField("checkpoint_sha256", .string, .null),
            JSONField("tensors", .object, isRequired: true),
        ], isOpen: false)

    /// `sample.json`.
    static let sample = JSONRule.object(
        [
            JSONField("ordinal", .integer, isRequired: true),
            JSONField("arm", .string, .null, isRequired: true, texts: ["as_is", "repaired"]),
            JSONField("pair", .string, .integer, .null, isRequired: true),
            JSONField("seed", .integer, .null, isRequired: true),
            JSONField("applied", .list, isRequired: true),
            JSONField("asked", .list),
            JSONField("sites", .object),
            JSONField("repaired", .list),
        ], isOpen: false)

    /// `stop.json`.
    static let stop = JSONRule.object(
        [
            JSONField(
                "reason", .string, isRequired: true,
                texts: ["eos", "stop_string", "limit", "raised", "unknown"]),
            JSONField("steps", .integer, isRequired: true),
            JSONField("max_new_tokens", .integer, .null, isRequired: true),
        ], isOpen: false)

    /// `raised.json`.
    static let raised = JSONRule.object(
        ["type", "message", "where"].map { JSONField($0, .string, isRequired: true) }, isOpen: false)
}
