/// Every rule, and the fast way to those that a line may match.
public enum RuleTable {
    /// The rules, in the order of a run.
    public static let rules: [LogRule] =
        LogRule.setup + LogRule.request + LogRule.generation + LogRule.sound + LogRule.libraries
        + LogRule.errors

    /// The rule of an id.
    public static func rule(_ id: String) -> LogRule? { byID[id] }

    private static let byID = Dictionary(uniqueKeysWithValues: rules.map { ($0.id, $0) })

    /// The rule and pattern of each anchor.
    private static let owners = rules.indices.flatMap { rule in
        rules[rule].patterns.indices.map { (rule: rule, pattern: $0) }
    }

    static let anchors = AnchorIndex(
        owners.map { rules[$0.rule].patterns[$0.pattern].anchor } + [TracebackBlock.opening])

    /// What a message says, by rule in the table's order; a rule counts once.
    static func matches(_ message: LineBytes) -> [(rule: LogRule, values: LogValues)] {
        var matches: [(rule: LogRule, values: LogValues)] = []
        var last = -1
        for anchor in anchors.all(in: message) where anchor < owners.count {
            let owner = owners[anchor]
            guard owner.rule != last, let values = rules[owner.rule].patterns[owner.pattern].match(message)
            else { continue }
            matches.append((rules[owner.rule], values))
            last = owner.rule
        }
        return matches
    }
}
