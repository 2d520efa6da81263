extension LogRule {
    /// Lines about what the model generated, and the codes made of it.
    static let generation = [
        LogRule(
            "raw-audio-output", .story,
            [
                "Raw audio output {audio:int}: shape={shape:shape}, first_tokens={first_tokens:text}",
                "Raw audio output {audio:int}: shape={shape:shape}",
            ], .after, once: true,
            values: [
                "audio": "segment", "shape": "codebooks, columns",
                "first_tokens": "the first ids, before any clip",
            ],
            means: "The delayed columns of a segment: one fewer than the limit where the limit ended it.",
            not: "How many frames are decoded: the revert takes 7 columns, the strip 2."),
        LogRule(
            "delay-revert", .story, ["After delay pattern revert {audio:int}: shape={shape:shape}"], .after,
            once: true,
            values: ["audio": "segment", "shape": "codebooks, columns"],
            means: "The columns that are left once the delay is undone, 7 fewer.",
            not: "That the first and the last of them are sound."),
        LogRule(
            "strip", .story, ["Audio {audio:int} after stripping boundaries: shape={shape:shape}"], .after,
            once: true,
            values: ["audio": "segment", "shape": "codebooks, frames"],
            means: "The frames that are left without the first and the last column.",
            not: "That both were boundaries: without EOS the last one was a valid frame."),
        LogRule(
            "serve-processing", .story, ["After serve_engine.py processing {audio:int}: shape={shape:shape}"],
            .after,
            once: true, values: ["audio": "segment", "shape": "codebooks, frames"],
            means: "The frames that are left after revert, clip and strip.",
            not: "That all else is as in serve_engine.py."),
        LogRule(
            "eos-missing", .story,
            [
                "Audio {audio:int}: Missing EOS token, found {found:ints}",
                "Missing EOS token, found {found:ints}",
            ],
            .after, once: true,
            values: ["audio": "segment", "found": "the last id of codebook 0, after the clip"],
            means:
                "The last id of codebook 0 after the clip. Below 1023 it was no EOS; 1023 is a clipped EOS or BOS, or the code 1023.",
            not:
                "That EOS is missing: after a clip to 1023 no id can be 1025, so the line is printed for every segment, and EOS may have come first in another codebook.",
            deviations: ["tokens.eos-check-after-clip"]),
        LogRule(
            "eos-proper", .story,
            ["Audio {audio:int}: Proper EOS token detected", "Proper EOS token detected"], .after, once: true,
            values: ["audio": "segment"],
            means: "Codebook 0 ends in EOS. The script looks before the clip, or clips above 1025.",
            not: "That the sound is complete or audible."),
        LogRule(
            "boundaries", .story,
            [
                "Audio {audio:int} boundaries: first={first:ints}, last={last:ints}, expected_bos={bos:int}, expected_eos={eos:int}"
            ], .after, once: true,
            values: [
                "audio": "segment", "first": "first id of codebook 0, after the clip",
                "last": "last id of codebook 0, after the clip", "bos": "id", "eos": "id",
            ],
            means: "Both end ids of codebook 0 after the clip. A first id of 1023 is the clipped BOS.",
            not: "That BOS or EOS is missing: the clip hides both.",
            deviations: ["tokens.eos-check-after-clip"]),
        LogRule(
            "unique-tokens", .story,
            [
                "Unique audio tokens: count={count:ints}, first_10={first_tokens:text}",
                "Unique audio tokens: count={count:ints}",
            ], .after, once: true,
            values: ["count": "distinct ids over all codebooks", "first_tokens": "some of them"],
            means: "How many distinct ids all codebooks hold together, after clip and strip.",
            not: "That there are few of them: that depends on the number of frames.",
            deviations: ["generation.low-diversity"]),
        LogRule(
            "token-analysis", .story,
            ["Token analysis: BOS={bos:int}, EOS={eos:int}, zeros={zeros:int}, total={total:int}"], .after,
            once: true,
            values: [
                "bos": "cells", "eos": "cells", "zeros": "cells of code 0", "total": "cells, 8 a frame",
            ],
            means: "How many cells are handed to the codec, and how many of them are code 0.",
            not: "That EOS is missing: after the clip BOS and EOS are counted as 0 always."),
        LogRule(
            "decoder-input", .story, ["Decoder input shape: {shape:shape}"], .after, once: true,
            values: ["shape": "batch, codebooks, frames"], means: "What the codec gets.",
            not: "That the ids in it are right."),
        LogRule(
            "token-range", .story,
            ["Token range: min={min:int}, max={max:int}", "Invalid token range: [{min:int}, {max:int}]"],
            .after,
            values: ["min": "id", "max": "id"],
            means: "The least and the largest id that the codec got; it takes 0 to 1023.",
            not: "That ids inside the range are right."),
        LogRule(
            "empty-codes", .story, ["Empty audio sequence after processing"], .after, finding: .defect,
            means: "No frame is left to decode: the segment had at most 9 columns.",
            not: "That the codec is at fault.", deviations: ["generation.no-audio"]),
        LogRule(
            "output-text", .story, ["=== Generation Output Text ==="], .after, once: true, opens: .output,
            means: "The generated text follows; it tells whether EOS was met.",
            not: "Anything about the sound."),
        LogRule(
            "final-text", .upstream, ["========= Final Text output ========="], .after, once: true,
            opens: .output,
            means: "The generated text follows; it tells whether EOS was met.",
            not: "Anything about the sound."),
        LogRule(
            "full-text", .story, ["Full generated text: {text:text}"], .after, once: true, opens: .output,
            values: ["text": "the generated text"],
            means: "The generated text; it tells whether EOS was met.", not: "Anything about the sound."),
        LogRule(
            "no-audio", .story,
            ["No audio output generated", "No audio outputs generated"], .after, finding: .defect,
            means: "The model never entered audio mode.", not: "That the sound is silent: there is none.",
            deviations: ["generation.no-audio"]),
        LogRule(
            "generation-error", .story,
            ["Error during generation: {error:text}", "Generation failed: {error:text}"],
            .after, finding: .defect, values: ["error": "the exception's message"],
            means: "Generation raised, and the script went on without this request.",
            not: "That the model is at fault: the collator, the revert and the codec run inside the same try."
        ),
        LogRule(
            "sample-failed", .story,
            ["Generation failed for sample {sample:int}", "Sample {sample:int} failed"], .after,
            finding: .defect, values: ["sample": "the request, counted from 0"],
            means: "The request gave no sound.", not: "Why: an error before it, or no audio at all."),
    ]
}
