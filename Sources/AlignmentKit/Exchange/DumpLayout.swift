import AlignmentArchive

/// What dumps may have for the paths of the archive format: its own layout, and the types of the fields that
/// upstream fixes, so that a port's smaller integers become those.
enum DumpLayout {
    /// The rule for a path; nil if the format does not know it.
    static func rule(for path: String) -> DumpRule? {
        let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return rules.first { $0.matches(names) }
    }

    /// Every rule; of several that fit, the first counts.
    static let rules: [DumpRule] =
        ["", "items/<k>/"].flatMap { fields("samples/<name>/collator/input/\($0)sample", sampleFields) }
        + fields("samples/<name>/collator/<side>/batch", batchFields) + ArchiveLayout.rows.map(DumpRule.init)

    /// Fields of a sample that upstream's type fixes; a fork's own may be anything.
    private static let sampleFields: [(String, DumpRule.Elements, rank: Int)] = [
        ("input_ids", .integers, 1), ("label_ids", .integers, 1), ("audio_ids_concat", .integers, 2),
        ("audio_ids_start", .integers, 1), ("audio_label_ids_concat", .integers, 2),
        ("audio_waveforms_concat", .float32, 1), ("audio_waveforms_start", .integers, 1),
    ]

    private static let batchFields: [(String, DumpRule.Elements, rank: Int)] = [
        ("input_ids", .integers, 2), ("label_ids", .integers, 2), ("audio_in_ids", .integers, 2),
        ("audio_in_ids_start", .integers, 1), ("audio_out_ids", .integers, 2),
        ("audio_out_ids_start", .integers, 1), ("audio_out_ids_start_group_loc", .integers, 1),
        ("label_audio_ids", .integers, 2), ("audio_features", .float32, 3),
        ("audio_feature_attention_mask", .oneOf([.int32]), 2),
    ]

    private static func fields(
        _ group: String, _ known: [(String, DumpRule.Elements, rank: Int)]
    ) -> [DumpRule] {
        known.map { name, elements, rank in
            DumpRule(
                pattern: "\(group)/\(name)".split(separator: "/").map(String.init),
                content: .optionalTensor(elements, rank: rank...rank))
        }
    }
}
