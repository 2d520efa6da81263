/// Every conclusion.
public enum ConclusionTable {
    /// The conclusions, in the order of the pipeline.
    public static let conclusions: [LogConclusion] = [
        LogConclusion(
            "surplus-placeholder", .defect,
            means: "The prompt has more placeholders than sounds were encoded.",
            not: "That this silences the sound: what it does depends on the starts that are passed.",
            deviations: ["collator.surplus-placeholder"]),
        LogConclusion(
            "missing-placeholder", .defect,
            means: "The prompt has fewer placeholders than sounds were encoded.",
            not: "That the sound is silent: it has another voice.",
            deviations: ["collator.missing-placeholder"]),
        LogConclusion(
            "several-placeholders", .warning,
            means: "The prompt has several placeholders, and no line tells how many sounds were encoded.",
            not: "That one is surplus: with as many references all is well.",
            deviations: ["collator.surplus-placeholder"]),
        LogConclusion(
            "reference-hole", .warning,
            means:
                "A sound stands under <|AUDIO|> while return_audio_in_tokens is False: the released model gets a hole in its place.",
            not: "That the sound is silent: upstream's serving engine does the same, and loses the voice.",
            deviations: ["collator.reference-not-conditioned", "collator.return-audio-in-tokens"]),
        LogConclusion(
            "missing-generation-prompt", .warning,
            means: "The prompt does not end in the assistant's header.",
            not: "That no audio comes: the model may write the header itself.",
            deviations: ["collator.missing-generation-prompt"]),
        LogConclusion(
            "whisper-without-processor", .warning,
            means: "Whisper features are asked for without a Whisper processor; upstream's collator raises.",
            not: "That features are needed: the released model does not read them.",
            deviations: ["collator.whisper-forced"]),
        LogConclusion(
            "reference-silent", .warning, means: "The reference's sound file has a mean square below 1e-6.",
            not: "That the encoded reference was this file."),
        LogConclusion(
            "adaptive-budget", .note, means: "The limit on tokens was guessed from the text's length.",
            not: "That it was reached, or too small.", deviations: ["generation.budget"]),
        LogConclusion(
            "first-column", .defect, means: "The first column of a segment is not all BOS.",
            not: "That the sound is silent.", deviations: ["generation.first-frame"]),
        LogConclusion(
            "budget-exhausted", .defect,
            means: "The limit on tokens ended the audio before EOS was met.",
            not:
                "That a larger limit helps, or that the sound is silent for it: a limit can only shorten it.",
            deviations: ["generation.budget"]),
        LogConclusion(
            "eos-check-after-clip", .warning,
            means: "The script looks for EOS after the clip, where no id can be EOS.",
            not: "That EOS is missing: the message is printed for every segment.",
            deviations: ["tokens.eos-check-after-clip"]),
        LogConclusion(
            "revert-columns", .defect, means: "The revert took another number of columns than codebooks - 1.",
            not: "That this alone silences the sound.",
            deviations: ["tokens.no-revert", "tokens.revert-twice"]),
        LogConclusion(
            "strip-columns", .defect,
            means: "Another number of columns than the first and the last was cut off.",
            not: "That this alone silences the sound: it adds or removes 40 ms at an end.",
            deviations: ["tokens.no-strip", "tokens.strip-one-side", "tokens.strip-guard"]),
        LogConclusion(
            "too-few-unique-tokens", .defect,
            means: "The ids are too few for the number of frames: below 0.15 of min(8 frames, 1024).",
            not: "What made them few.", deviations: ["generation.low-diversity"]),
        LogConclusion(
            "few-unique-tokens", .warning,
            means: "The ids are few for the number of frames: below 0.35 of min(8 frames, 1024).",
            not: "That the sound is bad.", deviations: ["generation.low-diversity"]),
        LogConclusion(
            "unique-tokens-not-rated", .note,
            means: "A number of distinct ids can be too small only against the number of frames.",
            not: "Corruption: a short sound has few ids.", deviations: ["generation.low-diversity"]),
        LogConclusion(
            "zeros-dominate", .warning, means: "More than half of the cells are code 0.",
            not: "That BOS and EOS were set to 0: a model can draw code 0.",
            deviations: ["tokens.wrap", "generation.low-diversity"]),
        LogConclusion(
            "special-ids-reach-codec", .defect, means: "BOS or EOS is among the ids for the codec.",
            not: "That upstream's codec decodes them: it raises.", deviations: ["tokens.no-clip"]),
        LogConclusion(
            "ids-out-of-range", .defect, means: "The codec got ids outside of 0 to 1023.",
            not: "Which codebook they are in.",
            deviations: ["tokens.no-clip", "generation.token-out-of-range"]),
        LogConclusion(
            "clip-bound", .defect, means: "The script clips to the codec's quantizer_dim, which is not 1024.",
            not: "That the codec is wrong: quantizer_dim is no codebook size.",
            deviations: ["tokens.clip-bound"]),
        LogConclusion(
            "energy-silence", .defect, means: "The mean square is below 1e-8: silence.",
            not: "Why. No energy tells whether tokens, codec or conditioning is at fault."),
        LogConclusion(
            "energy-too-quiet", .defect, means: "The mean square is below 1e-6: too quiet to be speech.",
            not: "Why it is quiet."),
        LogConclusion(
            "energy-quiet", .warning, means: "The mean square is below 1e-4: quiet.",
            not: "That it is no speech: quiet speech is."),
        LogConclusion(
            "silent-under-offset", .defect,
            means: "The mean square is that of an offset; the AC energy, std squared, is below 1e-6.",
            not: "That there is sound.", deviations: ["decode.nonfinite"]),
        LogConclusion(
            "energy-not-finite", .defect, means: "The waveform holds NaN or infinity.",
            not: "Where it came from: mostly a codec in half precision.", deviations: ["decode.nonfinite"]),
        LogConclusion(
            "energy-full-scale", .warning,
            means:
                "A mean square of 1 is that of a constant at full scale, as NaN cast to integers gives it.",
            not: "A loud sound: speech has a mean square far below 1.", deviations: ["decode.nonfinite"]),
        LogConclusion(
            "energy-changed", .warning,
            means: "The written sound has another energy than what the codec gave, by a factor over 100.",
            not: "Which of the two is right.", deviations: ["decode.output-scale"]),
        LogConclusion(
            "written-rate", .warning, means: "A file was written with another sample rate than 24000 Hz.",
            not: "That it was not resampled before.", deviations: ["decode.sample-rate"]),
        LogConclusion(
            "failed-requests", .warning, means: "Some requests wrote no file.", not: "That the others sound."),
        LogConclusion(
            "traceback", .warning, means: "Python raised an exception that the catalogue has no cause for.",
            not: "That it ended the run: it may have been caught."),
    ]

    /// The conclusion of an id.
    public static func conclusion(_ id: String) -> LogConclusion? { byID[id] }

    private static let byID = Dictionary(uniqueKeysWithValues: conclusions.map { ($0.id, $0) })
}
