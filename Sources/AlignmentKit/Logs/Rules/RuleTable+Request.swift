extension LogRule {
    /// Lines from the start of a request to the start of generation.
    static let request = [
        LogRule(
            "sample-opening", .story,
            ["Processing sample {number:int}/{count:int}", "Processing sample {number:int}"], .opening,
            values: ["number": "the request, counted from 1", "count": "requests in all"],
            means: "A request begins.", not: "That it was generated."),
        LogRule(
            "generation-input", .story, ["=== Generation Input ==="], .before, once: true, opens: .prompt,
            means: "The prompt follows; its placeholders can be counted.",
            not: "That the model saw sound under each placeholder."),
        LogRule(
            "chunk-input", .upstream, ["========= Chunk {chunk:int} Input ========="], .before, once: true,
            opens: .prompt, values: ["chunk": "part of the text, counted from 0"],
            means: "The prompt of one part of the text follows; its placeholders can be counted.",
            not: "That the model saw sound under each placeholder."),
        LogRule(
            "generation-start", .story, ["Starting generation with {limit:int} max tokens"], .before,
            once: true,
            values: ["limit": "steps, of text and audio together"],
            means: "Generation begins, with this limit.", not: "That the limit was reached."),
        LogRule(
            "chunk-generation-start", .story,
            ["Starting generation for chunk {chunk:int} with {limit:int} max tokens"], .before, once: true,
            values: [
                "chunk": "part of the text, counted from 0", "limit": "steps, of text and audio together",
            ],
            means: "Generation of one part of the text begins, with this limit.",
            not: "That the limit was reached."),
        LogRule(
            "token-calculation", .story, ["Token calculation: {estimate:float} -> bounded to {limit:int}"],
            .before,
            once: true, values: ["estimate": "steps before the bounds", "limit": "steps"],
            means: "The limit was guessed from the text's length.", not: "That the guess was too small."),
        LogRule(
            "text-stats", .story, ["Text stats: {words:int} words, {characters:int} chars"], .before,
            once: true,
            values: ["words": "words", "characters": "code points"],
            means: "How long the text to speak is.", not: "Anything about the sound."),
        LogRule(
            "estimated-duration", .story, ["Estimated duration: {duration:float}s -> {limit:int} tokens"],
            .before,
            once: true, values: ["duration": "seconds, with headroom", "limit": "steps"],
            means: "The limit was guessed from the text's length.", not: "How long the sound became."),
        LogRule(
            "reference-codes", .story, ["Audio tokens shape: {shape:shape}"], .before,
            values: ["shape": "codebooks, frames"], means: "A reference was encoded.",
            not: "That its codes reached the model."),
        LogRule(
            "whisper-conditioning", .story,
            ["Using Whisper conditioning with waveform: {waveform:text}, DAC tokens: {codes:text}"], .before,
            finding: .note, values: ["waveform": "the waveform's shape", "codes": "the codes' shape"],
            means: "The sample carries a waveform besides the codes.",
            not:
                "That the model hears the waveform: the released checkpoint skips its audio tower, so this changes nothing for references of up to 30 s.",
            deviations: ["collator.waveforms-present"]),
        LogRule(
            "no-whisper-conditioning", .story,
            ["Creating sample without Whisper embeddings - Reasons: {reasons:text}"], .before, finding: .note,
            values: ["reasons": "the script's own reasons"],
            means: "The sample carries no waveform, as in upstream's serving engine.",
            not: "That conditioning failed: the reference goes to the model as codes."),
        LogRule(
            "audio-token-validation", .story,
            [
                "Audio token validation: AUDIO_IN={audio_in:int}, AUDIO_OUT={audio_out:int}, provided_segments={segments:int}"
            ], .before, once: true,
            values: [
                "audio_in": "<|AUDIO|> placeholders", "audio_out": "<|AUDIO_OUT|> placeholders",
                "segments": "encoded sounds",
            ],
            means: "How many placeholders the prompt has, and how many sounds were encoded.",
            not: "In which order they meet."),
        LogRule(
            "audio-in-mismatch", .story,
            ["Mismatch: {audio_in:int} AUDIO_IN tokens but {segments:int} audio segments provided"], .before,
            finding: .warning, values: ["audio_in": "<|AUDIO|> placeholders", "segments": "encoded sounds"],
            means: "The <|AUDIO|> placeholders are not as many as the encoded sounds.",
            not:
                "That any is missing: a sound may stand under <|AUDIO_OUT|>, which this line does not count.",
            deviations: ["collator.surplus-placeholder", "collator.missing-placeholder"]),
    ]
}
