import AlignmentJSON
import AlignmentStages

extension Deviation {
    static let generation = [
        Deviation(
            "generation.temperature", .setting, "samples with another temperature",
            fix: "the reference's temperature, 0.7", needs: [.logits, .output],
            knobs: ["generation.temperature"], tries: \.temperatures),
        Deviation(
            "generation.top-p", .setting, "samples with another top_p", fix: "the reference's top_p, 0.95",
            needs: [.logits, .output], knobs: ["generation.top_p"], tries: \.nuclei),
        Deviation(
            "generation.top-k", .setting, "samples with another top_k", fix: "the reference's top_k, none",
            needs: [.logits, .output], knobs: ["generation.top_k"], tries: \.candidateCounts),
        Deviation(
            "generation.do-sample", .setting, "does not sample, or samples where the reference does not",
            fix: "do_sample=True", needs: [.logits, .output], knobs: ["generation.do_sample"],
            tries: { [["generation.do_sample": .bool(!$0.profile.generation.doSample)]] }),
        Deviation(
            "generation.parameters-ignored", .defect,
            "declares sampling parameters that its scores or tokens contradict",
            fix: "pass them on to generate",
            needs: [.logits, .output], check: FactChecks.parametersIgnored),
        Deviation(
            "generation.ras-window", .setting, "looks back on another window for repeats, or on none",
            fix: "ras_win_len=7", needs: [.logits], knobs: ["generation.ras_win_len"]),
        Deviation(
            "generation.ras-max-repeat", .setting, "draws again from another number of repeats",
            fix: "ras_win_max_num_repeat=2", needs: [.logits], knobs: ["generation.ras_win_max_num_repeat"]),
        Deviation(
            "generation.stop-strings", .setting, "stops at other texts", fix: "the reference's stop strings",
            needs: [.configuration], knobs: ["generation.stop_strings"]),
        Deviation(
            "generation.budget", .symptom, "is cut off by its token limit before it meets EOS",
            fix: "a limit that fits the text", needs: [.output], check: FactChecks.budget),
        Deviation(
            "generation.eos-starved", .symptom,
            "gives EOS next to no probability after the text is spoken, so that no limit would do",
            fix: "another seed, or a stall detection; look upstream", needs: [.logits, .text],
            check: FactChecks.eosStarved),
        Deviation(
            "generation.runaway", .symptom, "goes on long after the text can be spoken",
            fix: "another seed, or a stall detection; look upstream", needs: [.text],
            check: FactChecks.runaway),
        Deviation(
            "generation.first-frame", .defect,
            "samples the first audio frame instead of BOS in all codebooks",
            fix: "begin each stream with BOS in all codebooks", needs: [.output], check: FactChecks.firstFrame
        ),
        Deviation(
            "generation.delay-ramp", .defect, "does not force BOS above the delay's front",
            fix: "upstream's state machine", needs: [.output], check: FactChecks.delayRamp),
        Deviation(
            "generation.eos-ramp", .defect, "does not end the codebooks one by one after the first EOS",
            fix: "upstream's state machine", needs: [.output], check: FactChecks.endRamp),
        Deviation(
            "generation.no-audio", .symptom, "never enters audio mode", fix: "force_audio_gen=True",
            needs: [.output], check: FactChecks.noAudio),
        Deviation(
            "generation.token-out-of-range", .defect, "has ids outside the audio vocabulary",
            fix: "the vocabulary of the model's audio head", needs: [.output], check: FactChecks.outOfRange),
        Deviation(
            "generation.low-diversity", .symptom, "repeats few distinct tokens",
            fix: "see what it stands under",
            needs: [.output], check: FactChecks.lowDiversity),
        Deviation(
            "generation.forward", .defect, "has other logits from the same inputs",
            fix: "the figures say how far, and from which step", needs: [.golden], check: FactChecks.forward),
    ]
}
