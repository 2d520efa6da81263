extension LogRule {
    private static let energyLimits =
        "Whether it is speech. It is a mean square: an offset or a click counts as much as sound, and it is no AC energy."

    /// Lines about the decoded waveform and the file that was written.
    static let sound = [
        LogRule(
            "decoded-energy", .story,
            [
                "Decoded audio: energy={energy:floats}, max_amplitude={peak:float}, duration={duration:float}s",
                "Decoded audio: energy={energy:floats}",
            ], .after, once: true,
            values: [
                "energy": "mean square, full scale 1", "peak": "largest magnitude", "duration": "seconds",
            ],
            means: "The mean square of what the codec gave.", not: energyLimits),
        LogRule(
            "energy-critical", .story, ["Generated audio has extremely low energy ({energy:floats})"], .after,
            once: true,
            values: ["energy": "mean square, full scale 1"],
            means: "The mean square is below 1e-8: silence.",
            not: "Why it is silent, or that the codec is at fault."),
        LogRule(
            "energy-warning", .story, ["Generated audio has very low energy ({energy:floats})"], .after,
            once: true,
            values: ["energy": "mean square, full scale 1"],
            means: "The mean square is below 1e-6: too quiet.",
            not: "Why it is quiet."),
        LogRule(
            "energy-good", .story, ["Audio energy looks good: {energy:floats}"], .after, once: true,
            values: ["energy": "mean square, full scale 1"],
            means: "The mean square is at least 1e-6.", not: energyLimits),
        LogRule(
            "segment-energy", .story,
            ["Audio {audio:int}: energy={energy:floats}, duration={duration:float}s"], .after, once: true,
            values: ["audio": "segment", "energy": "mean square, full scale 1", "duration": "seconds"],
            means: "The mean square of one decoded segment.", not: energyLimits),
        LogRule(
            "joined-energy", .story,
            ["Final concatenated audio: energy={energy:floats}, duration={duration:float}s"], .after,
            once: true,
            values: ["energy": "mean square, full scale 1", "duration": "seconds"],
            means: "The mean square of all segments.", not: energyLimits),
        LogRule(
            "generated-energy", .story,
            ["Generated audio: energy={energy:floats}, duration={duration:float}s"], .after, once: true,
            values: ["energy": "mean square, full scale 1", "duration": "seconds"],
            means: "The mean square of all segments.", not: energyLimits),
        LogRule(
            "still-silence", .story, ["CRITICAL: Still generating silence"], .after, once: true,
            means: "The mean square is below 1e-8. The script that prints this writes no file then.",
            not: "That model and tokenizer do not fit, as the line goes on to say."),
        LogRule(
            "validation", .story, ["=== Audio Validation for Sample {sample:int} ==="], .file, once: true,
            values: ["sample": "the request, counted from 0"], means: "Figures of the written sound follow.",
            not: "That the sound is valid."),
        LogRule(
            "file-duration", .story, ["Audio duration: {duration:float} seconds"], .file, once: true,
            values: ["duration": "seconds"], means: "How long the sound is.", not: "That all of it is speech."
        ),
        LogRule(
            "file-range", .story, ["Audio range: [{min:float}, {max:float}]"], .file, once: true,
            values: ["min": "full scale 1", "max": "full scale 1"],
            means: "The least and the largest sample.",
            not: "How loud the sound is: one click sets both."),
        LogRule(
            "file-statistics", .story, ["Audio statistics: mean={mean:float}, std={std:float}"], .file,
            once: true,
            values: ["mean": "full scale 1", "std": "full scale 1"],
            means: "The offset, and the root of the AC energy to 6 decimals.", not: "Whether it is speech."),
        LogRule(
            "file-energy", .story, ["Audio energy: {energy:floats}"], .file, once: true,
            values: ["energy": "mean square, full scale 1"], means: "The mean square of the written sound.",
            not: energyLimits),
        LogRule(
            "file-issues", .story, ["Audio issues detected: {issues:text}"], .file, finding: .warning,
            values: ["issues": "the script's own words"],
            means: "The script's own checks of the sound failed.",
            not: "More than those checks look at."),
        LogRule(
            "reference-sound", .story,
            ["Reference audio: duration={duration:float}s, energy={energy:float}, sr={rate:int}"], .file,
            once: true,
            values: ["duration": "seconds", "energy": "mean square, full scale 1", "rate": "Hz"],
            means: "Figures of the reference's sound file.", not: "That its codes reached the model."),
        LogRule(
            "duration-ratio", .story, ["Duration ratio (gen/ref): {ratio:float}"], .file, once: true,
            values: ["ratio": "generated to reference"], means: "Both sounds' lengths compared.",
            not: "Anything where the texts differ in length."),
        LogRule(
            "energy-ratio", .story, ["Energy ratio (gen/ref): {ratio:float}"], .file, once: true,
            values: ["ratio": "generated to reference"], means: "Both sounds' mean squares compared.",
            not: energyLimits),
        LogRule(
            "sound-saved", .story, ["Saved generated audio to {path:text}"], .file,
            values: ["path": "the file"], means: "A sound file was written.",
            not: "That anything is heard in it."),
        LogRule(
            "sample-completed", .story, ["Sample {sample:int} completed"], .file,
            values: ["sample": "the request, counted from 0"], means: "The request is done.",
            not: "That anything is heard."),
        LogRule(
            "overall-results", .story,
            [
                "Overall Results: {succeeded:int}/{count:int} samples successful ({failed:int} failed)",
                "FIXED RESULTS: {succeeded:int}/{count:int} samples successful",
            ], .run, finding: .note,
            values: ["succeeded": "requests", "count": "requests in all", "failed": "requests"],
            means: "So many requests wrote a file.",
            not: "That they sound: a silent file counts as a success here."),
    ]
}
