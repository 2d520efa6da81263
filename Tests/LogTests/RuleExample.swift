/// A line that a rule matches, as it is printed, and one that is near and that it must not match.
struct RuleExample: Sendable {
    let id: String
    let line: String
    let miss: String

    init(_ id: String, _ line: String, not miss: String) {
        self.id = id
        self.line = line
        self.miss = miss
    }
}

extension RuleExample {
    static let all = setup + request + generation + sound + libraries + errors

    private static let setup = [
        RuleExample(
            "flag-return-audio-in-tokens", "  - return_audio_in_tokens: True",
            not: "  - return_audio_in_tokens: maybe"),
        RuleExample(
            "flag-encode-whisper", "  - encode_whisper_embed: False", not: "  - encode_whisper_embeds: False"),
        RuleExample(
            "flag-whisper-processor", "  - whisper_processor available: True",
            not: "  - whisper_processor: True"),
        RuleExample(
            "whisper-forced", "Whisper embedding: original=False, forced=True for voice cloning",
            not: "Whisper embedding: original=None, forced=True"),
        RuleExample(
            "whisper-loaded", "✅ Successfully loaded Whisper processor: openai/whisper-large-v3",
            not: "Successfully loaded Whisper processor:"),
        RuleExample(
            "whisper-fallback", "✅ Successfully loaded Whisper base processor as fallback",
            not: "Successfully loaded Whisper tiny processor as fallback"),
        RuleExample(
            "load-failed", "Failed to load openai/whisper-large-v3: Connection error",
            not: "Failed to load openai/whisper-large-v3"),
        RuleExample("codebook-size", "   - Codebook size: 1024", not: "   - Codebook size: large"),
        RuleExample(
            "model-loaded", "Loaded model from bosonai/higgs-audio, dtype: torch.bfloat16",
            not: "Loaded model from bosonai/higgs-audio"),
        RuleExample(
            "tokenizer-loading", "Loading tokenizer from bosonai/higgs-audio", not: "Loading tokenizer"),
        RuleExample(
            "codec-loading", "Initializing Higgs Audio Tokenizer", not: "Initializing Higgs Text Tokenizer"),
        RuleExample("whisper-loading", "Loading whisper processor", not: "Loading whisper model"),
        RuleExample(
            "cuda-graphs", "Capturing CUDA graphs for each KV cache length",
            not: "Capturing CUDA graphs (decode)"),
        RuleExample("device", "Using device: cuda:0", not: "Using device"),
        RuleExample("chunks", "Chunks used for generation:", not: "Chunks used for decoding:"),
        RuleExample(
            "wav-saved", "Wav file is saved to 'out.wav' with sample rate 24000",
            not: "Wav file is saved to 'out.wav' with sample rate unknown"),
        RuleExample(
            "chatml-failed", "Failed to convert to ChatMLSample: missing value for field \"role\"",
            not: "Failed to convert to ChatMLSample"),
        RuleExample(
            "prepare-failed", "Error in prepare_chatml_sample: 'messages'",
            not: "Error in prepare_sample: 'messages'"),
        RuleExample(
            "waveforms-dropped", "Skipping audio waveform with inconsistent dimensions: expected 1D, got 2D",
            not: "Skipping audio with inconsistent dimensions"),
    ]

    private static let request = [
        RuleExample("sample-opening", "Processing sample 3/40", not: "Processing samples 3/40"),
        RuleExample("generation-input", "=== Generation Input ===", not: "=== Generation Inputs ==="),
        RuleExample(
            "chunk-input", "========= Chunk 0 Input =========", not: "========= Chunk A Input ========="),
        RuleExample(
            "generation-start", "Starting generation with 96 max tokens...",
            not: "Starting generation with no max tokens"),
        RuleExample(
            "chunk-generation-start", "Starting generation for chunk 0 with 96 max tokens...",
            not: "Starting generation for chunk 0 with many max tokens"),
        RuleExample(
            "token-calculation", "Token calculation: 411 -> bounded to 384",
            not: "Token calculation: 411 -> 384"),
        RuleExample("text-stats", "Text stats: 7 words, 38 chars", not: "Text stats: 7 words"),
        RuleExample(
            "estimated-duration", "Estimated duration: 3.9s -> 97 tokens", not: "Estimated duration: 3.9s"),
        RuleExample(
            "reference-codes", "Audio tokens shape: torch.Size([8, 190])", not: "Audio tokens shape: unknown"),
        RuleExample(
            "whisper-conditioning",
            "✅ Using Whisper conditioning with waveform: torch.Size([121600]), DAC tokens: torch.Size([8, 190])",
            not: "Using Whisper conditioning"),
        RuleExample(
            "no-whisper-conditioning",
            "❌ Creating sample without Whisper embeddings - Reasons: whisper disabled",
            not: "Creating sample with Whisper embeddings - Reasons: none"),
        RuleExample(
            "audio-token-validation", "Audio token validation: AUDIO_IN=1, AUDIO_OUT=1, provided_segments=1",
            not: "Audio token validation: AUDIO_IN=1, AUDIO_OUT=1"),
        RuleExample(
            "audio-in-mismatch", "Mismatch: 1 AUDIO_IN tokens but 0 audio segments provided",
            not: "Mismatch: some AUDIO_IN tokens but 0 audio segments provided"),
    ]

    private static let generation = [
        RuleExample(
            "raw-audio-output",
            "Raw audio output 0: shape=torch.Size([8, 95]), first_tokens=tensor([1024, 1024])",
            not: "Raw audio output: shape=torch.Size([8, 95])"),
        RuleExample(
            "delay-revert", "After delay pattern revert 0: shape=torch.Size([8, 88])",
            not: "After delay pattern revert 0: done"),
        RuleExample(
            "strip", "Audio 0 after stripping boundaries: shape=torch.Size([8, 86])",
            not: "Audio 0 before stripping boundaries: shape=torch.Size([8, 86])"),
        RuleExample(
            "serve-processing", "After serve_engine.py processing 0: shape=torch.Size([8, 86])",
            not: "After serve_engine.py processing 0"),
        RuleExample(
            "eos-missing", "⚠️ Audio 0: Missing EOS token, found 989/316  [INCOMPLETE GENERATION]",
            not: "Missing EOS token, found nothing"),
        RuleExample(
            "eos-proper", "✅ Audio 0: Proper EOS token detected", not: "Audio 0: No proper EOS token detected"
        ),
        RuleExample(
            "boundaries", "Audio 0 boundaries: first=1023, last=989, expected_bos=1024, expected_eos=1025",
            not: "Audio 0 boundaries: first=1023, last=989"),
        RuleExample(
            "unique-tokens", "Unique audio tokens: count=14, first_10=[1, 2, 3]",
            not: "Unique text tokens: count=14"),
        RuleExample(
            "token-analysis", "Token analysis: BOS=0, EOS=0, zeros=3, total=688",
            not: "Token analysis: BOS=0, EOS=0"),
        RuleExample(
            "decoder-input", "Decoder input shape: torch.Size([1, 8, 86])",
            not: "Encoder input shape: torch.Size([1, 8, 86])"),
        RuleExample("token-range", "Token range: min=0, max=1025", not: "Token range: min=0"),
        RuleExample(
            "empty-codes", "Empty audio sequence after processing",
            not: "Empty text sequence after processing"),
        RuleExample("output-text", "=== Generation Output Text ===", not: "=== Generation Output ==="),
        RuleExample(
            "final-text", "========= Final Text output =========",
            not: "========= Final Audio output ========="),
        RuleExample(
            "full-text", "Full generated text: <|audio_out_bos|><|AUDIO_OUT|>", not: "Full generated text:"),
        RuleExample("no-audio", "❌ No audio output generated", not: "Audio output generated"),
        RuleExample(
            "generation-error", "Error during generation: CUDA error", not: "Error during generation"),
        RuleExample(
            "sample-failed", "Generation failed for sample 7", not: "Generation failed for sample seven"),
    ]

    private static let sound = [
        RuleExample(
            "decoded-energy", "Decoded audio: energy=1.54e-10, max_amplitude=0.000064, duration=3.44s",
            not: "Decoded audio: energy=low"),
        RuleExample(
            "energy-critical",
            "🚨 CRITICAL: Generated audio has extremely low energy (1.54e-10) - likely silence",
            not: "Generated audio has extremely low energy"),
        RuleExample(
            "energy-warning", "⚠️ Generated audio has very low energy (4.2e-07) - may be too quiet",
            not: "Generated audio has low energy (4.2e-07)"),
        RuleExample(
            "energy-good", "✅ Audio energy looks good: 3.21e-03", not: "Audio energy looks bad: 3.21e-03"),
        RuleExample(
            "segment-energy", "Audio 0: energy=3.2e-03, duration=4.44s", not: "Audio 0: energy=3.2e-03"),
        RuleExample(
            "joined-energy", "Final concatenated audio: energy=3.2e-03, duration=4.44s",
            not: "Final concatenated audio: duration=4.44s"),
        RuleExample(
            "generated-energy", "Generated audio: energy=3.2e-03, duration=4.44s",
            not: "Generated audio: 4.44s"),
        RuleExample(
            "still-silence", "🚨 CRITICAL: Still generating silence - check model/tokenizer compatibility",
            not: "Still generating"),
        RuleExample(
            "validation", "=== Audio Validation for Sample 3 ===", not: "=== Audio Validation for Samples ==="
        ),
        RuleExample("file-duration", "Audio duration: 3.44 seconds", not: "Audio duration: 3.44"),
        RuleExample("file-range", "Audio range: [-0.500000, 0.500000]", not: "Audio range: [-0.5]"),
        RuleExample(
            "file-statistics", "Audio statistics: mean=0.000001, std=0.056657",
            not: "Audio statistics: mean=0.000001"),
        RuleExample("file-energy", "Audio energy: 3.21e-03", not: "Audio energy ratio: 3.21e-03"),
        RuleExample("file-issues", "⚠️ Audio issues detected: clipping", not: "Audio issues detected"),
        RuleExample(
            "reference-sound", "Reference audio: duration=7.60s, energy=4.10e-03, sr=16000",
            not: "Reference audio: duration=7.60s"),
        RuleExample("duration-ratio", "Duration ratio (gen/ref): 0.45", not: "Duration ratio: 0.45"),
        RuleExample("energy-ratio", "Energy ratio (gen/ref): 3.76e-08", not: "Energy ratio: 3.76e-08"),
        RuleExample(
            "sound-saved", "✅ Saved generated audio to out/0.wav", not: "Saved generated text to out/0.txt"),
        RuleExample(
            "sample-completed", "✅ Sample 3 completed - audio saved to 3.wav", not: "Sample three completed"),
        RuleExample(
            "overall-results", "📈 Overall Results: 3/5 samples successful (2 failed)",
            not: "Overall Results: 3 of 5"),
    ]

    private static let libraries = [
        RuleExample(
            "max-length-default",
            "Using the model-agnostic default `max_length` (=20) to control the generation length.",
            not: "Using the default `max_length` (=20)"),
        RuleExample(
            "two-limits",
            "Both `max_new_tokens` (=96) and `max_length`(=20) seem to have been set. `max_new_tokens` will take precedence.",
            not: "Both `max_new_tokens` and `max_length` seem to have been set."),
        RuleExample(
            "input-too-long",
            "Input length of input_ids is 412, but `max_length` is set to 20. This can lead to",
            not: "Input length of input_ids is 412"),
        RuleExample(
            "flags-ignored",
            "The following generation flags are not valid and may be ignored: ['temperature'].",
            not: "The following generation flags are valid: ['temperature']"),
        RuleExample(
            "do-sample-off",
            "`do_sample` is set to `False`. However, `temperature` is set to `0.3` -- this flag is only used in sample-based generation modes.",
            not: "`do_sample` is set to `True`. However, `temperature` is set to `0.3` -- this flag"),
        RuleExample(
            "pad-is-eos", "Setting `pad_token_id` to `eos_token_id`:128009 for open-end generation.",
            not: "Setting `pad_token_id` to 128009 for open-end generation."),
        RuleExample(
            "no-attention-mask",
            "The attention mask and the pad token id were not set. As a consequence, you may observe",
            not: "The attention mask was set"),
        RuleExample(
            "right-padding",
            "A decoder-only architecture is being used, but right-padding was detected! For correct generation results",
            not: "A decoder-only architecture is being used, but left-padding was detected!"),
        RuleExample(
            "rate-not-given",
            "It is strongly recommended to pass the `sampling_rate` argument to this function.",
            not: "It is strongly recommended to pass the `padding` argument to this function."),
        RuleExample(
            "rate-refused",
            "The model corresponding to this feature extractor: WhisperFeatureExtractor was trained using a sampling rate of 16000. Please make sure that",
            not: "was trained using a sampling rate of 16 kHz. Please make sure"),
        RuleExample(
            "weights-missing",
            "Some weights of HiggsAudioModel were not initialized from the model checkpoint at bosonai and are newly initialized",
            not: "All the weights of HiggsAudioModel were initialized from the model checkpoint"),
        RuleExample(
            "half-precision",
            "You are attempting to use Flash Attention 2.0 without specifying a torch dtype. This might lead to",
            not: "You are attempting to use Flash Attention 2.0 with a model not initialized on GPU."),
        RuleExample(
            "invalid-cast", "RuntimeWarning: invalid value encountered in cast",
            not: "RuntimeWarning: invalid value encountered in divide"),
        RuleExample(
            "audioread-fallback", "PySoundFile failed. Trying audioread instead.", not: "PySoundFile failed."),
        RuleExample(
            "weight-norm-deprecated", "`torch.nn.utils.weight_norm` is deprecated in favor of",
            not: "`torch.nn.utils.spectral_norm` is deprecated in favor of"),
        RuleExample(
            "finish-length", #"{"choices": [{"finish_reason": "length"}]}"#,
            not: #"{"finish_reason": "stop", "length": 3}"#),
        RuleExample(
            "finish-stop", "finish_reason='stop', stop_reason=128009",
            not: "finish_reason='length', stop_reason=None"),
        RuleExample(
            "context-length",
            "This model's maximum context length is 8192 tokens. However, you requested 9000",
            not: "This model's maximum context length is unknown tokens."),
    ]

    private static let errors = [
        RuleExample(
            "error-placeholder-index", "IndexError: index 1 is out of bounds for dimension 0 with size 1",
            not: "IndexError: index 1 is out of bounds for dimension 1 with size 1"),
        RuleExample(
            "error-none-subscript", "TypeError: 'NoneType' object is not subscriptable",
            not: "TypeError: 'int' object is not subscriptable"),
        RuleExample(
            "error-no-processor", "AttributeError: 'NoneType' object has no attribute 'feature_extractor'",
            not: "AttributeError: 'NoneType' object has no attribute 'shape'"),
        RuleExample(
            "error-zero-frames",
            "RuntimeError: Calculated padded input size per channel: (6). Kernel size: (7). Kernel size can't be greater than actual input size",
            not: "RuntimeError: Calculated padded input size per channel: (2). Kernel size: (3)."),
        RuleExample(
            "error-short-revert",
            "RuntimeError: Sizes of tensors must match except in dimension 0. Expected size 1 but got size 0",
            not: "RuntimeError: Sizes of tensors must match except in dimension 1."),
        RuleExample(
            "error-cache-bucket",
            "ValueError: The current sequence length 8200 is larger than all past key values buckets [1024, 4096, 8192].",
            not: "ValueError: The current sequence length is larger than all past key values buckets"),
        RuleExample(
            "error-token-range",
            "ValueError: Next generated token has max value 128300 which is greater than the tokenizer's vocabulary size 128256",
            not: "ValueError: Next generated token has max value 128300"),
        RuleExample(
            "error-port-placeholders",
            "ValueError: The number of audio tokens in each text ([2]) should be the same as the number of provided audios ([1]).",
            not: "ValueError: The number of audio tokens in each text ([2])"),
        RuleExample(
            "error-embedding-index", "IndexError: index out of range in self",
            not: "IndexError: list index out of range"),
        RuleExample(
            "error-no-segments", "RuntimeError: torch.cat(): expected a non-empty list of Tensors",
            not: "RuntimeError: expected a list of Tensors"),
        RuleExample(
            "error-nonfinite-scores",
            "RuntimeError: probability tensor contains either `inf`, `nan` or element < 0",
            not: "RuntimeError: probability tensor contains negative elements"),
        RuleExample(
            "error-half-kernel", #"RuntimeError: "LayerNormKernelImpl" not implemented for 'Half'"#,
            not: #"RuntimeError: "LayerNormKernelImpl" not implemented for 'Int'"#),
        RuleExample(
            "error-cache-interface", "AttributeError: 'DynamicCache' object has no attribute 'key_cache'",
            not: "AttributeError: 'Tensor' object has no attribute 'key_cache'"),
        RuleExample(
            "error-memory", "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB",
            not: "CUDA is out of date"),
    ]
}
