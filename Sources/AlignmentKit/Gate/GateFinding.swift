internal import AlignmentAcoustics
internal import AlignmentDiagnosis
internal import AlignmentLogs
internal import AlignmentStages

/// The ids that a gate's rows can have, so that a misspelt one in a policy is an error and not a waiver of nothing.
enum GateFinding {
    /// Ids of tensors begin with these: there are as many as there are tensors.
    static let tensorPrefixes = ["golden.", "replay."]

    /// Every other id.
    static let known: Set<String> = {
        var ids: Set<String> = ["unexplained"]
        for deviation in Deviation.catalogue { ids.insert(deviation.id) }
        for stage in Stage.allCases {
            ids.formUnion(["\(stage.rawValue).unexplained", "\(stage.rawValue).undecided"])
        }
        for check in Checks.names { ids.insert("check.\(check)") }
        for finding in SoundFinding.all { ids.insert("sound.\(finding.id)") }
        for rule in RuleTable.rules { ids.insert("log.\(rule.id)") }
        for conclusion in ConclusionTable.conclusions { ids.insert("log.\(conclusion.id)") }
        for metric in GateMetric.allCases { ids.insert(metric.rawValue) }
        return ids
    }()

    /// Whether an id, or one that a pattern stands for, can be found.
    static func isKnown(_ text: String) -> Bool {
        if tensorPrefixes.contains(where: { text.hasPrefix($0) }) { return true }
        guard text.contains("*") else { return known.contains(text) }
        let pattern = WildcardPattern(text)
        return known.contains(where: pattern.matches)
    }
}
