extension LogRule {
    /// Messages of exceptions whose cause is known, in a traceback or in a line that quotes them.
    static let errors = [
        LogRule(
            "error-placeholder-index", .errors,
            ["index {index:int} is out of bounds for dimension 0 with size {size:int}"],
            .after, finding: .defect, frames: ["collator", "chatml_dataset"],
            values: ["index": "placeholder, counted from 0", "size": "encoded sounds"],
            means:
                "The collator met more placeholders than encoded sounds, with starts that have no trailing offset.",
            not: "That a sound is missing: as a rule the prompt names one reference twice.",
            deviations: ["collator.surplus-placeholder"]),
        LogRule(
            "error-none-subscript", .errors, ["'NoneType' object is not subscriptable"], .after,
            finding: .defect,
            frames: ["collator", "chatml_dataset"],
            means: "In the collator: a placeholder needs codes, and none were passed.",
            not: "That it is the collator: the frame tells. No sample at all gives the same message.",
            deviations: ["collator.surplus-placeholder"]),
        LogRule(
            "error-no-processor", .errors, ["'NoneType' object has no attribute 'feature_extractor'"], .after,
            finding: .defect, means: "Whisper features are asked for, and there is no Whisper processor.",
            not: "That features are needed: the released model does not read them.",
            deviations: ["collator.whisper-forced"]),
        LogRule(
            "error-zero-frames", .errors,
            ["Calculated padded input size per channel: (6). Kernel size: (7)"], .after, finding: .defect,
            means: "The codec got no frames: after revert and strip nothing was left.",
            not: "That the codec is at fault.", deviations: ["generation.no-audio"]),
        LogRule(
            "error-short-revert", .errors, ["Sizes of tensors must match except in dimension 0"], .after,
            finding: .defect, frames: ["revert_delay_pattern"],
            means: "In the revert: the segment had 4 to 6 columns, fewer than codebooks.",
            not: "That it is the revert: the frame tells.", deviations: ["generation.first-frame"]),
        LogRule(
            "error-cache-bucket", .errors,
            ["The current sequence length {length:int} is larger than all past key values buckets"], .after,
            finding: .defect, values: ["length": "positions"],
            means: "Prompt and audio outgrew the largest static cache of the serving engine.",
            not: "That the model cannot go on: a dynamic cache can.", deviations: ["generation.runaway"]),
        LogRule(
            "error-token-range", .errors,
            ["Next generated token has max value {token:int} which is greater than the tokenizer"],
            .after, finding: .defect, values: ["token": "id"],
            means: "The model drew a text token that its tokenizer lacks.",
            not: "That audio ids are wrong.", deviations: ["generation.token-out-of-range"]),
        LogRule(
            "error-port-placeholders", .errors,
            [
                "The number of audio tokens in each text ({tokens:text}) should be the same as the number of provided audios ({sounds:text})"
            ], .after, finding: .defect,
            values: ["tokens": "placeholders of each text", "sounds": "sounds of each text"],
            means: "The port's processor met another number of placeholders than of sounds.",
            not: "Which of the two is wrong.",
            deviations: ["collator.surplus-placeholder", "collator.missing-placeholder"]),
        LogRule(
            "error-embedding-index", .errors, ["index out of range in self", "device-side assert triggered"],
            .after,
            finding: .defect,
            means: "An id lies outside an embedding: as a rule BOS or EOS that reached the codec.",
            not: "Which embedding: on a GPU the frame is not the one that failed.",
            deviations: ["tokens.no-clip", "generation.token-out-of-range"]),
        LogRule(
            "error-no-segments", .errors, ["expected a non-empty list of Tensors"], .after, finding: .defect,
            means: "There was no segment to join: the model never entered audio mode.",
            not: "That the codec is at fault.", deviations: ["generation.no-audio"]),
        LogRule(
            "error-nonfinite-scores", .errors, ["probability tensor contains either `inf`, `nan` or element"],
            .after,
            finding: .defect, means: "The scores hold NaN or infinity, so nothing can be drawn.",
            not: "Where they came from: mostly the model in float16.", deviations: ["generation.forward"]),
        LogRule(
            "error-half-kernel", .errors, ["not implemented for 'Half'"], .after, finding: .defect,
            means: "A kernel has no float16 on this device.",
            not: "That float16 would sound right elsewhere.",
            deviations: ["decode.precision"]),
        LogRule(
            "error-cache-interface", .errors, ["Cache' object has no attribute '{name:text}'"], .after,
            finding: .defect,
            values: ["name": "the attribute"],
            means: "The installed transformers has another cache class than the pipeline was written for.",
            not: "That the model is at fault."),
        LogRule(
            "error-memory", .errors, ["CUDA out of memory"], .after, finding: .defect,
            means: "The GPU's memory was full.", not: "Anything about the sound."),
    ]
}
