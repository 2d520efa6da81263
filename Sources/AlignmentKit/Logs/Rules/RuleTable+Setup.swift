extension LogRule {
    /// Lines about flags, models and processors, printed once at the start of a run.
    static let setup = [
        LogRule(
            "flag-return-audio-in-tokens", .story, ["return_audio_in_tokens: {value:bool}"], .run,
            finding: .note,
            values: ["value": "the flag"],
            means:
                "Whether codes under <|AUDIO|> go to the model. Upstream's serving engine sets False, its examples what the config says.",
            not:
                "That it is wrong: False loses a reference under <|AUDIO|>, and changes nothing without one.",
            deviations: ["collator.return-audio-in-tokens"]),
        LogRule(
            "flag-encode-whisper", .story, ["encode_whisper_embed: {value:bool}"], .run, finding: .note,
            values: ["value": "the flag"], means: "Whether the collator makes Whisper features.",
            not: "That the model reads them: the released checkpoint does not.",
            deviations: ["collator.whisper-forced"]),
        LogRule(
            "flag-whisper-processor", .story, ["whisper_processor available: {value:bool}"], .run,
            values: ["value": "whether there is one"], means: "Whether a Whisper processor was loaded.",
            not: "That one is needed: upstream's own example works without."),
        LogRule(
            "whisper-forced", .story, ["Whisper embedding: original={original:bool}, forced={forced:bool}"],
            .run,
            finding: .note, values: ["original": "the model's own flag", "forced": "the flag that is used"],
            means: "The flag of the released config, and that the script overrides it.",
            not:
                "That this silences the sound: runs with and without it are silent alike, and the released checkpoint skips its audio tower.",
            deviations: ["collator.whisper-forced"]),
        LogRule(
            "whisper-loaded", .story, ["Successfully loaded Whisper processor: {model:word}"], .run,
            finding: .note,
            values: ["model": "the processor's name"],
            means: "Which Whisper processor is used: large-v3 gives 128 mel bins, base and tiny give 80.",
            not: "That the bins matter: without an audio tower nothing reads them.",
            deviations: ["collator.whisper-mel-bins"]),
        LogRule(
            "whisper-fallback", .story, ["Successfully loaded Whisper base processor as fallback"], .run,
            finding: .note, means: "The processor gives 80 mel bins where large-v3 gives 128.",
            not: "That this silences the sound: without an audio tower nothing reads the features.",
            deviations: ["collator.whisper-mel-bins"]),
        LogRule(
            "load-failed", .story, ["Failed to load {name:text}: {error:text}"], .run, finding: .note,
            values: ["name": "what was to be loaded", "error": "the exception's message"],
            means: "Something could not be loaded, and the script went on.",
            not: "That the run lacks it: the next line may load a replacement."),
        LogRule(
            "codebook-size", .story, ["Codebook size: {size:int}"], .run,
            values: ["size": "codes, by the codec's quantizer_dim"],
            means:
                "What the script clips to, plus 1. It is the codec's quantizer_dim, and 1024 for the released codec.",
            not: "The model's own codebook size."),
        LogRule(
            "model-loaded", .upstream, ["Loaded model from {path:text}, dtype: {dtype:word}"], .run,
            values: ["path": "the checkpoint", "dtype": "the model's dtype"], means: "The model was loaded.",
            not: "The codec's dtype: upstream keeps it in float32."),
        LogRule(
            "tokenizer-loading", .upstream, ["Loading tokenizer from {path:text}"], .run,
            values: ["path": "the checkpoint"], means: "The text tokenizer is being loaded.",
            not: "That it fits the model."),
        LogRule(
            "codec-loading", .upstream, ["Initializing Higgs Audio Tokenizer"], .run,
            means: "The codec is being loaded.", not: "That all its weights were found: it is not strict."),
        LogRule(
            "whisper-loading", .upstream, ["Loading whisper processor"], .run,
            means: "The model's config asks for Whisper features.", not: "That the model has an audio tower."),
        LogRule(
            "cuda-graphs", .upstream, ["Capturing CUDA graphs for each KV cache length"], .run,
            means: "The serving engine records CUDA graphs.", not: "Anything about the sound."),
        LogRule(
            "device", .upstream, ["Using device: {device:text}"], .run, values: ["device": "torch's name"],
            means: "Where the model runs.", not: "Where the codec runs: on mps it is the CPU."),
        LogRule(
            "chunks", .upstream, ["Chunks used for generation:"], .run,
            means: "The text is spoken in parts.", not: "That every part was spoken."),
        LogRule(
            "wav-saved", .upstream, ["Wav file is saved to '{path:text}' with sample rate {rate:int}"], .run,
            values: ["path": "the file", "rate": "Hz"], means: "A sound file was written.",
            not: "That anything is heard in it."),
        LogRule(
            "chatml-failed", .upstream, ["Failed to convert to ChatMLSample: {error:text}"], .run,
            finding: .defect,
            values: ["error": "the exception's message"],
            means: "A sample is not in ChatML form; upstream goes on with None for its tokens.",
            not: "That the file is no JSON."),
        LogRule(
            "prepare-failed", .upstream, ["Error in prepare_chatml_sample: {error:text}"], .run,
            finding: .defect,
            values: ["error": "the exception's message"],
            means: "No prompt was made of a sample; upstream goes on with None for its tokens.",
            not: "That the model is at fault."),
        LogRule(
            "waveforms-dropped", .upstream,
            [
                "Skipping audio waveform with inconsistent dimensions",
                "Inconsistent dimensions in audio waveforms", "Falling back to empty audio tensors",
            ], .run, finding: .warning, means: "Waveforms of a merged sample were left out.",
            not: "That codes were left out.", deviations: ["collator.waveforms-present"]),
    ]
}
