internal import AlignmentAcoustics
internal import AlignmentDiagnosis
internal import AlignmentLogs
internal import AlignmentStages

/// The ids that a gate's rows can have, so that a misspelt one in a policy is an error and not a waiver of nothing.
enum GateFinding {
    /// Every id but those of tensors, of which there are as many as there are tensors.
    static let known: Set<String> = {
        var ids: Set<String> = ["unexplained", "golden.archive"]
        for deviation in Deviation.catalogue { ids.insert(deviation.id) }
        for stage in Stage.allCases {
            let name = stage.rawValue
            ids.formUnion(["\(name).unexplained", "\(name).undecided", "replay.\(name)"])
        }
        for check in Checks.names { ids.insert("check.\(check)") }
        for finding in SoundFinding.all where finding != .verdict(.unreadable) {
            ids.insert("sound.\(finding.id)")
        }
        for rule in RuleTable.rules { ids.insert("log.\(rule.id)") }
        for conclusion in ConclusionTable.conclusions { ids.insert("log.\(conclusion.id)") }
        for metric in GateMetric.allCases { ids.insert(metric.rawValue) }
        return ids
    }()

    /// Whether an id, or one that a pattern stands for, can be found.
    static func isKnown(_ text: String) -> Bool {
        guard text.contains("*") else { return known.contains(text) || isTensor(text) }
        let pattern = WildcardPattern(text)
        // A path, or the beginning of one, can stand for tensors that nobody lists.
        return known.contains(where: pattern.matches) || text.contains("/")
    }

    /// `replay.<stage>/…`, or `golden.` before the path of a tensor or of a document.
    private static func isTensor(_ text: String) -> Bool {
        if text.hasPrefix("golden.") { return text.contains("/") || text.hasSuffix(".json") }
        return Stage.allCases.contains { text.hasPrefix("replay.\($0.rawValue)/") }
    }
}
