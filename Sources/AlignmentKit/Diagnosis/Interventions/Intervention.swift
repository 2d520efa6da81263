/// What runs with the same repair show, against the same runs as they are.
public struct Intervention: Sendable, Equatable, Codable {
    /// Ids whose repair changed something in any of the runs.
    public var applied: [String]
    /// Ids that were to be repaired.
    public var asked: [String]
    /// Seeds over all pairs.
    public var seeds: Int
    /// Pairs of runs of the same request under the same seed, with and without the repair.
    public var pairs: Int
    /// The checks that fail in runs as they are.
    public var checks: [Check]
    /// What the reader should know of the runs, in sentences; nil for nothing.
    public var note: String?

    /// One check over the pairs.
    public struct Check: Sendable, Equatable, Codable {
        /// Its name.
        public var check: String
        /// Pairs in which the repair changed something and the check could be computed on both sides.
        public var pairs: Int
        /// Pairs that fail as they are.
        public var asIsFailed: Int
        /// Pairs that fail with the repair.
        public var repairedFailed: Int
        /// Pairs that fail as they are, and not with the repair.
        public var mended: Int
        /// Pairs that fail with the repair, and not as they are.
        public var broken: Int
        /// Probability of at least as many mended among those that came out otherwise, had the repair changed
        /// nothing; in (0, 1].
        public var p: Double
        /// What that decides.
        public var verdict: Verdict
        /// One sentence with the counts.
        public var why: String
    }

    /// What pairs of runs decide about a deviation and a check.
    public enum Verdict: String, Sendable, Codable {
        /// Its repair mends the check.
        case shown
        /// Its repair mends less than half of what fails.
        case notShown = "not_shown"
        /// Too few pairs.
        case undecided
    }

    /// Writes every key, null where there is nothing: tools may rely on each being there.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(applied, forKey: .applied)
        try container.encode(asked, forKey: .asked)
        try container.encode(seeds, forKey: .seeds)
        try container.encode(pairs, forKey: .pairs)
        try container.encode(checks, forKey: .checks)
        try container.encode(note, forKey: .note)
    }

    enum CodingKeys: CodingKey { case applied, asked, seeds, pairs, checks, note }
}

extension Intervention.Check {
    init(_ check: String, _ counts: PairedCounts) {
        self.init(
            check: check, pairs: counts.pairs, asIsFailed: counts.asIsFailed,
            repairedFailed: counts.repairedFailed, mended: counts.mended, broken: counts.broken, p: counts.p,
            verdict: counts.verdict, why: counts.sentence(of: check))
    }
}
