import AlignmentJSON
import AlignmentStages

extension Deviation {
    static let decode = [
        Deviation(
            "decode.chunked", .defect, "decodes in chunks with too few frames around them",
            fix: "decode each segment whole, or with 10 frames on each side of a chunk that are cut off",
            needs: [.weights],
            knobs: ["decode.chunk_frames", "decode.chunk_context", "decode.chunk_right_context"],
            tries: \.chunks),
        Deviation(
            "decode.quantizers", .defect, "uses only the first codebooks inside the codec",
            fix: "use all of them", needs: [.weights], knobs: ["decode.n_quantizers"], tries: \.quantizers),
        Deviation(
            "decode.precision", .setting, "runs the codec in another precision", fix: "run it in float32",
            needs: [.weights], knobs: ["decode.dtype"], tries: \.precisions),
        Deviation(
            "decode.weight-norm", .defect, "runs convolutions without the magnitudes of their weight norm",
            fix: "load weight_g and weight_v together, or fuse both", needs: [.weights],
            knobs: ["decode.weight_norm"], tries: { _ in [["decode.weight_norm": .string("direction-only")]] }
        ),
        Deviation(
            "decode.weights", .defect, "decodes with other weights than the checkpoint that it names",
            fix: "load the same revision, and check the keys that strict=False leaves at initialisation",
            needs: [.weights], check: FactChecks.codecWeights),
        Deviation(
            "decode.output-scale", .defect, "scales the samples",
            fix: "write the codec's samples as they are",
            needs: [.weights], knobs: ["decode.output_scale", "decode.scale_at"],
            when: { $0 != OutputScale.factor(1).json }, tries: \.scales),
        Deviation(
            "decode.int16-wrap", .defect, "wraps samples around instead of clamping them when it writes",
            fix: "clamp to -1 ... 1 before converting to int16", needs: [.file], knobs: ["decode.overflow"],
            when: { $0 == .string("wrap") }, tries: \.wraps),
        Deviation(
            "decode.sample-rate", .defect, "writes another rate into the file's header",
            fix: "write the codec's rate, 24000", needs: [.file], check: FactChecks.sampleRate),
        Deviation(
            "decode.nonfinite", .defect, "has NaN or infinity in its samples",
            fix: "run the codec in float32",
            needs: [.output], check: FactChecks.nonFinite),
        Deviation(
            "decode.trimmed", .defect, "cuts samples off, or pads them",
            fix: "keep all 960 samples of a frame",
            needs: [.output], knobs: ["decode.trim", "decode.trim_at"],
            when: { $0 != EndCuts.none.json }, tries: \.trims),
        Deviation(
            "decode.pcm-floor", .setting,
            "rounds samples to integers toward one side, as libsndfile's floor does",
            fix: "none, or write float", needs: [.file], knobs: ["decode.overflow"],
            when: { $0 == .string("truncate") }, tries: { _ in [["decode.overflow": .string("truncate")]] },
            check: FactChecks.pcmFloor),
    ]
}
