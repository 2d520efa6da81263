extension LogRule {
    /// Warnings of the libraries that pipelines are made of, and lines of servers.
    static let libraries = [
        LogRule(
            "max-length-default", .libraries,
            ["Using the model-agnostic default `max_length` (={limit:int})"], .run,
            finding: .warning, values: ["limit": "tokens, the prompt included"],
            means:
                "No limit on new tokens was given, and the default is short: 20 tokens are less than a second.",
            not: "That it was reached.", deviations: ["generation.budget"]),
        LogRule(
            "two-limits", .libraries,
            ["Both `max_new_tokens` (={limit:int}) and `max_length`(={length:int}) seem to have been set"],
            .run,
            finding: .note, values: ["limit": "new tokens", "length": "tokens, the prompt included"],
            means: "Two limits were given; the one on new tokens holds.", not: "That either was reached."),
        LogRule(
            "input-too-long", .libraries,
            ["Input length of {name:word} is {length:int}, but `max_length` is set to {limit:int}"], .run,
            finding: .defect,
            values: ["name": "the input", "length": "tokens", "limit": "tokens, the prompt included"],
            means: "The prompt alone fills the limit: nothing or one token is generated.",
            not: "That the prompt is too long for the model.", deviations: ["generation.budget"]),
        LogRule(
            "flags-ignored", .libraries,
            ["The following generation flags are not valid and may be ignored: {flags:text}"], .run,
            finding: .warning, values: ["flags": "names"],
            means:
                "Parameters of generate have no effect, mostly those of sampling while do_sample is False.",
            not: "That the sound is wrong.",
            deviations: ["generation.parameters-ignored", "generation.do-sample"]),
        LogRule(
            "do-sample-off", .libraries,
            ["`do_sample` is set to `False`. However, `{flag:text}` is set to `{value:text}` -- this flag"],
            .run,
            finding: .warning, values: ["flag": "the parameter", "value": "its value"],
            means: "A parameter of sampling is set, and decoding is greedy.",
            not: "That greedy decoding silences: repetition-aware sampling still redraws.",
            deviations: ["generation.do-sample", "generation.parameters-ignored"]),
        LogRule(
            "pad-is-eos", .libraries,
            ["Setting `pad_token_id` to `eos_token_id`:{token:text} for open-end generation"],
            .run, finding: .note, values: ["token": "id"],
            means: "No padding id was given, so the text's EOS is used.",
            not: "That audio stops early: the audio's EOS is another id, and a batch of one has no padding.",
            deviations: ["collator.pad-token"]),
        LogRule(
            "no-attention-mask", .libraries,
            [
                "The attention mask and the pad token id were not set",
                "The attention mask is not set and cannot be",
                "The attention mask is not set with a batched input",
            ], .run, finding: .warning,
            means: "No attention mask was passed, so padding is attended to where there is any.",
            not: "That anything changes: a batch of one without padding needs none."),
        LogRule(
            "right-padding", .libraries,
            ["A decoder-only architecture is being used, but right-padding was detected"],
            .run, finding: .note,
            means: "The prompt ends in padding, from which the first token is drawn.",
            not: "That padding on the right is wrong in upstream's collator, which pads so.",
            deviations: ["collator.round-to", "collator.pad-side"]),
        LogRule(
            "rate-not-given", .libraries, ["It is strongly recommended to pass the `sampling_rate` argument"],
            .run,
            finding: .warning, means: "Features were made of a waveform whose rate nobody checked.",
            not: "That the rate is wrong.", deviations: ["collator.waveform-rate"]),
        LogRule(
            "rate-refused", .libraries,
            ["was trained using a sampling rate of {expected:int}. Please make sure"], .run,
            finding: .defect, values: ["expected": "Hz"],
            means: "The waveform has another rate than the feature extractor takes, which raises.",
            not: "That the sound file is wrong: it is to be resampled.",
            deviations: ["collator.waveform-rate"]),
        LogRule(
            "weights-missing", .libraries,
            [
                "Some weights of {model:word} were not initialized from the model checkpoint",
                "Some weights of the model checkpoint at {model:text} were not used",
            ], .run, finding: .warning, values: ["model": "class or checkpoint"],
            means: "Checkpoint and class do not name the same weights; those that are missing are random.",
            not: "That the missing ones matter: the names that the line goes on to list tell.",
            deviations: ["generation.forward"]),
        LogRule(
            "half-precision", .libraries,
            [
                "You are attempting to use Flash Attention 2.0 without specifying a torch dtype",
                "Flash Attention 2.0 only supports torch.float16 and torch.bfloat16",
            ], .run, finding: .note, means: "Flash attention and the model's precision do not fit.",
            not: "That this silences the sound.", deviations: ["generation.forward"]),
        LogRule(
            "invalid-cast", .libraries, ["invalid value encountered in cast"], .run, finding: .defect,
            means: "NaN or infinity was cast to integers, which gives a constant.",
            not: "Where it came from: mostly a codec in half precision.", deviations: ["decode.nonfinite"]),
        LogRule(
            "audioread-fallback", .libraries, ["PySoundFile failed. Trying audioread instead"], .run,
            finding: .note,
            means: "The reference is no format that libsndfile reads; another decoder is used.",
            not: "That the samples are wrong, though they may differ by the decoder's delay.",
            deviations: ["collator.reference-codes-wrong"]),
        LogRule(
            "weight-norm-deprecated", .libraries,
            ["weight_norm` is deprecated", "weight_norm is deprecated"], .run,
            finding: .note, means: "The codec uses torch's old weight norm, as upstream's does.",
            not: "That its weights are wrong."),
        LogRule(
            "finish-length", .servers, ["finish_reason{~}length", "finish_reason{~}type{~}length"], .run,
            finding: .defect, means: "A limit on tokens ended a request before it was complete.",
            not: "That a larger limit helps: a model that never gives EOS fills any.",
            deviations: ["generation.budget"]),
        LogRule(
            "finish-stop", .servers, ["finish_reason{~}stop", "finish_reason{~}type{~}stop"], .run,
            finding: .note, means: "A request ended by a stop token or string.",
            not: "That audio was complete: a server may stop on text."),
        LogRule(
            "context-length", .servers, ["maximum context length is {limit:int} tokens"], .run,
            finding: .warning,
            values: ["limit": "tokens, the prompt included"],
            means: "Prompt and limit together do not fit into the model's context as it is served.",
            not: "That the model cannot take more.", deviations: ["generation.budget"]),
    ]
}
