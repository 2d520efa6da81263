/// How one check came out over pairs of runs of the same request under the same seed, as it is and with a repair; and
/// what that decides.
///
/// **Sign test.** Only pairs in which the check comes out otherwise say something. If the repair changed nothing, each
/// of the n = mended + broken would go either way with probability 1/2, and the number mended would be
/// X ~ Bin(n, 1/2). The repair is shown to mend the check where p = P(X ≥ mended) ≤ 0.05, one-sided and exact.
/// (Dixon and Mood, "The statistical sign test", JASA 41, 1946; of two outcomes it is McNemar's test, Psychometrika 12,
/// 1947.)
///
/// **Refutation.** Of the m pairs that fail as they are, the repair mends a share q. Its upper bound at 95 %, one-sided,
/// is the u with P(Y ≤ mended | Y ~ Bin(m, u)) = 0.05, and 1 where all are mended (Clopper and Pearson, Biometrika 26,
/// 1934). Not shown and u < 1/2: what fails is not for the most part the deviation's work. As the probability falls with
/// u, u < 1/2 is the same as P(Y ≤ mended | Y ~ Bin(m, 1/2)) < 0.05. 0 of 5 suffice, and 1 of 8.
///
/// **Neither**: undecided.
struct PairedCounts: Equatable {
    /// Pairs in which the check could be computed on both sides.
    private(set) var pairs = 0
    /// Pairs that fail as they are.
    private(set) var asIsFailed = 0
    /// Pairs that fail with the repair.
    private(set) var repairedFailed = 0
    /// Pairs that fail as they are, and not with the repair.
    private(set) var mended = 0
    /// Pairs that fail with the repair, and not as they are.
    private(set) var broken = 0

    /// Largest p that shows something, and probability that lies beyond the bound.
    static let level = 0.05

    /// Counts one more pair.
    mutating func add(asIsFails: Bool, repairedFails: Bool) {
        pairs += 1
        if asIsFails { asIsFailed += 1 }
        if repairedFails { repairedFailed += 1 }
        if asIsFails && !repairedFails { mended += 1 }
        if !asIsFails && repairedFails { broken += 1 }
    }

    /// P(X ≥ mended), in (0, 1]; 1 where nothing came out otherwise.
    var p: Double { Binomial.fairTail(atLeast: mended, of: mended + broken) }

    /// Upper bound at 95 % of the share of failures that the repair mends, in (0, 1]; 1 without a failure.
    var mendedShareBound: Double {
        Binomial.upperBound(successes: mended, of: asIsFailed, beyond: Self.level)
    }

    /// What the counts decide.
    var verdict: Intervention.Verdict {
        if p <= Self.level { return .shown }
        return mendedShareBound < 0.5 ? .notShown : .undecided
    }

    /// Fewest further pairs, all mended, that would show it; 0 where it is shown.
    var pairsToShow: Int {
        least { Binomial.fairTail(atLeast: mended + $0, of: mended + broken + $0) <= Self.level }
    }

    /// Fewest further pairs, all failing with the repair as without, that would refute it; 0 where the bound does.
    var pairsToRefute: Int {
        least { Binomial.fairTail(atLeast: asIsFailed + $0 - mended, of: asIsFailed + $0) < Self.level }
    }

    /// The least count for which something holds that holds for all larger ones too.
    private func least(_ holds: (Int) -> Bool) -> Int {
        if holds(0) { return 0 }
        var (without, with) = (0, 1)
        while !holds(with) { (without, with) = (with, 2 * with) }
        while with - without > 1 {
            let middle = (with + without) / 2
            if holds(middle) { with = middle } else { without = middle }
        }
        return with
    }
}
