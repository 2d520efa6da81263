import AlignmentKit

extension RandomFacts {
    /// Values to turn each knob to; a new knob needs some.
    static let values: [String: [JSONValue]] = [
        "collator.return_audio_in_tokens": flags, "collator.round_to": integers(1, 2, 4, 8),
        "collator.pad_side": texts("left", "right"), "collator.encode_whisper_embed": flags,
        "collator.whisper_mel_bins": [.null] + integers(80, 128), "collator.use_delay_pattern": flags,
        "collator.audio_num_codebooks": [.null] + integers(1, 3, 8),
        "collator.audio_stream_bos_id": integers(8, 9, 20),
        "collator.audio_stream_eos_id": integers(8, 9, 20), "collator.pad_token_id": integers(10, 21),
        "collator.audio_in_token_id": integers(11, 12, 3), "collator.audio_out_token_id": integers(11, 12, 2),
        "collator.disable_audio_codes_transform": flags, "collator.mask_audio_out_token_label": flags,
        "collator.chunk_size_seconds": [.integer(30), .number(0.001), .number(0.002)],
        "collator.audio_ids_start": texts(
            "none", "empty", "exclusive", "exclusive", "with-total", "with-total")
            + [.array(integers(0, 1))],
        "collator.no_audio": texts("none", "empty"),
        "collator.waveforms": texts("none", "empty", "attached"),
        "collator.waveforms_start": texts("none", "empty", "exclusive", "with-total"),
        "collator.waveform_sample_rate": [.null] + integers(16_000, 8_000),
        "collator.audio_speaker_indices": texts("none", "empty", "given"),
        "collator.batch_layout": texts("placeholders", "expanded"),
        "collator.placeholders": texts("one-per-segment", "as-prompted"),
        "collator.segment_codes": texts("as-encoded", "delayed", "delayed-bare", "as-built")
            + [[0, 1, 2], [1, 0, 2], [0, 1], [0, 0]].map { .array($0.map(JSONValue.integer)) },
        "collator.generation_prompt": texts("as-prompted", "appended"),

        "generation.do_sample": flags,
        "generation.temperature": [.null, .integer(1), .number(0.7), .number(0.3)],
        "generation.top_k": [.null] + integers(0, 2, 5, 50),
        "generation.top_p": [.null, .integer(1), .number(1.5), .number(0.95), .number(0.5)],
        "generation.ras_win_len": [.null] + integers(0, 1, 3, 7),
        "generation.ras_win_max_num_repeat": integers(0, 1, 2, 4, 9),
        "generation.ras_counts_specials": flags, "generation.delay_machine": texts("overwrite", "mask"),
        "generation.stop_strings": [.array([]), .array(texts("a")), .array(texts("a", "b"))],
        "generation.max_new_tokens": [.null] + integers(1, 50), "generation.seed": [.null] + integers(1, 2),
        "generation.budget": texts("fixed", "adaptive", "adaptive-150"),
        "generation.audio_codebook_size": integers(8, 16),
        "generation.use_delay_pattern": flags, "generation.audio_num_codebooks": integers(2, 3, 4),
        "generation.audio_stream_bos_id": integers(8, 7),
        "generation.audio_stream_eos_id": integers(9, 6, 30),

        "tokens.revert": integers(0, 1, 2), "tokens.revert_chunk": [.null] + integers(1, 3, 5, 30),
        "tokens.revert_overlap": integers(0, 1, 2, 3), "tokens.clip_max": [.null] + integers(3, 7, 9, 20),
        "tokens.strip": texts("both", "none", "first", "last", "bos-eos-search"),
        "tokens.strip_guard": [.null] + integers(-1, 0, 2, 8, 14), "tokens.join_segments": flags,
        "tokens.order": [
            ["revert", "clip", "strip"], ["clip", "revert", "strip"], ["strip", "revert", "clip"],
            ["strip", "clip", "revert"], ["revert", "strip"], ["clip", "strip"], ["revert", "strip", "clip"],
            ["clip", "strip", "revert"], ["revert", "clip"],
        ].map { .array($0.map(JSONValue.string)) },
        "tokens.codebooks": [.null]
            + [[0, 1, 2], [2, 1, 0], [0, 1]].map { .array($0.map(JSONValue.integer)) },
        "tokens.out_of_range": texts("clip", "wrap", "zero"),
        "tokens.ramp_columns": [[0, 0], [1, 0], [0, 2], [20, 0]].map { .array($0.map(JSONValue.integer)) },
        "tokens.layout": texts("codebooks-first", "transposed", "reshaped"),
    ]

    private static let flags: [JSONValue] = [.bool(true), .bool(false)]
    private static func integers(_ values: Int...) -> [JSONValue] { values.map(JSONValue.integer) }
    private static func texts(_ values: String...) -> [JSONValue] { values.map(JSONValue.string) }
}
