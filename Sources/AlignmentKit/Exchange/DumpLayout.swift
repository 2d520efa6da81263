import AlignmentTensors

/// The paths of the archive format (docs/golden-format.md), and what dumps may have for them.
enum DumpLayout {
    /// The rule for a path; nil if the format does not know it.
    static func rule(for path: String) -> DumpRule? {
        let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return rules.first { $0.matches(names) }
    }

    /// Every rule; of several that fit, the first counts.
    static let rules: [DumpRule] =
        archive
        + sample.map { DumpRule(pattern: ["samples", "<name>"] + $0.pattern, content: $0.content) }

    private static let archive: [DumpRule] = [
        json("provenance.json"), json("profile.json"), json("hooks.json"), json("script.json"),
        json("config/model.json"), json("config/codec.json"), json("config/tokens.json"),
        json("weights/codec.json"), tensor("weights/codec/<field>", .floats, 0...8),
    ]

    private static let sample: [DumpRule] =
        [
            json("sample.json"), json("profile.json"), json("messages.json"),
            DumpRule(pattern: ["generated_text"], content: .text),
        ]
        + ["", "items/<k>/"].flatMap { item in
            [
                tensor("collator/input/\(item)prompt_ids", .integers, 1...1),
                tensor("collator/input/\(item)segments/<k>/codes", .integers, 2...2),
                tensor("collator/input/\(item)segments/<k>/waveform", .float32, 1...1),
            ] + fields("collator/input/\(item)sample", sampleFields)
        }
        + fields("collator/<side>/batch", batchFields)
        + [
            json("collator/<side>/raised.json"),
            tensor("generation/input/audio_logits", .float32, 3...3),
            DumpRule(
                pattern: parts("generation/input/reference_columns"),
                content: .optionalTensor(.integers, rank: 2...2)),
            tensor("generation/input/top/ids", .integers, 3...3),
            tensor("generation/input/top/logits", .float32, 3...3),
            tensor("generation/input/logsumexp", .float32, 2...2),
            tensor("generation/input/drawn_logit", .float32, 2...2),
            tensor("generation/<side>/scores", .float32, 3...3),
            tensor("generation/<side>/segments/<k>/delayed", .integers, 2...2),
            tensor("generation/<side>/text_ids", .integers, 1...1),
            tensor("generation/<side>/num_delay", .integers, 1...1),
            tensor("generation/<side>/num_remaining_delays", .integers, 1...1),
            json("generation/<side>/stop.json"), json("generation/<side>/raised.json"),
            tensor("tokens/input/segments/<k>/delayed", .integers, 2...2),
            tensor("tokens/<side>/calls/<k>/codes", .integers, 2...2),
            tensor("tokens/<side>/reverts/<k>/input", .integers, 2...2),
            tensor("tokens/<side>/reverts/<k>/output", .integers, 2...2),
            json("tokens/<side>/raised.json"),
            tensor("decode/input/calls/<k>/codes", .integers, 2...2),
            tensor("decode/<side>/calls/<k>/waveform", .float32, 1...1),
            tensor("decode/<side>/written/<k>/samples", .samples, 1...2),
            json("decode/<side>/raised.json"),
            tensor("run_golden/segments/<k>/delayed", .integers, 2...2),
            tensor("run_golden/segments/<k>/codes", .integers, 2...2),
            tensor("run_golden/waveform", .float32, 1...1), json("run_golden/raised.json"),
        ]

    /// Fields of a sample that upstream's type fixes; a fork's own may be anything.
    private static let sampleFields: [(String, DumpRule.Elements, ClosedRange<Int>)] = [
        ("input_ids", .integers, 1...1), ("label_ids", .integers, 1...1),
        ("audio_ids_concat", .integers, 2...2), ("audio_ids_start", .integers, 1...1),
        ("audio_label_ids_concat", .integers, 2...2), ("audio_waveforms_concat", .float32, 1...1),
        ("audio_waveforms_start", .integers, 1...1),
    ]

    private static let batchFields: [(String, DumpRule.Elements, ClosedRange<Int>)] = [
        ("input_ids", .integers, 2...2), ("label_ids", .integers, 2...2),
        ("audio_in_ids", .integers, 2...2), ("audio_in_ids_start", .integers, 1...1),
        ("audio_out_ids", .integers, 2...2), ("audio_out_ids_start", .integers, 1...1),
        ("audio_out_ids_start_group_loc", .integers, 1...1), ("label_audio_ids", .integers, 2...2),
        ("audio_features", .float32, 3...3), ("audio_feature_attention_mask", .int32, 2...2),
    ]

    private static func fields(
        _ group: String, _ known: [(String, DumpRule.Elements, ClosedRange<Int>)]
    ) -> [DumpRule] {
        (known + [("<field>", .any, 0...8)]).map { name, elements, rank in
            DumpRule(pattern: parts("\(group)/\(name)"), content: .optionalTensor(elements, rank: rank))
        }
    }

    private static func tensor(
        _ path: String, _ elements: DumpRule.Elements, _ rank: ClosedRange<Int>
    ) -> DumpRule {
        DumpRule(pattern: parts(path), content: .tensor(elements, rank: rank))
    }

    private static func json(_ path: String) -> DumpRule {
        DumpRule(pattern: parts(path), content: .json)
    }

    private static func parts(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }
}
