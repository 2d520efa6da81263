import AlignmentStages

/// The runs in which the same ids were to be repaired, each beside the run of the same request and seed as it is.
struct InterventionArm {
    /// Ids that were to be repaired.
    let asked: [String]
    private(set) var pairs: [PairedRun] = []
    /// Runs with the repair that have no run as it is beside them, or more than one of either kind.
    private(set) var unpaired = 0

    /// One request under one seed, on both sides.
    struct PairedRun {
        var seed: Int?
        /// Ids whose repair changed something.
        var applied: [String]
        var asIs: RunOutcome
        var repaired: RunOutcome
    }

    /// An arm that was to repair these ids, its runs by pair, beside those as they are.
    init(_ runs: [ExperimentRun], asIs: [String: [ExperimentRun]]) {
        asked = runs[0].role.asked.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        let twins = Dictionary(grouping: runs.filter { $0.role.pair != nil }) { $0.role.pair ?? "" }
        for run in runs {
            guard let pair = run.role.pair, twins[pair]?.count == 1, let partners = asIs[pair],
                partners.count == 1, partners[0].role.mayShareSeed(with: run.role)
            else {
                unpaired += 1
                continue
            }
            pairs.append(
                PairedRun(
                    seed: run.role.seed, applied: run.role.applied, asIs: partners[0].outcome,
                    repaired: run.outcome))
        }
    }

    /// Pairs in which the repair changed something: others decide nothing.
    var changed: [PairedRun] { pairs.filter { !$0.applied.isEmpty } }

    /// Ids whose repair changed something in any pair, in the order in which they were asked for.
    var applied: [String] {
        let found = changed.reduce(into: [String]()) { ids, pair in
            ids += pair.applied.filter { !ids.contains($0) }
        }
        return asked.filter(found.contains) + found.filter { !asked.contains($0) }
    }

    /// Counts of a check over pairs.
    static func counts(of check: String, in pairs: [PairedRun]) -> PairedCounts {
        pairs.reduce(into: PairedCounts()) { counts, pair in
            guard let asIs = pair.asIs.fails(check), let repaired = pair.repaired.fails(check) else { return }
            counts.add(asIsFails: asIs, repairedFails: repaired)
        }
    }
}

extension ExperimentRole {
    /// Both ran under one seed, as far as that was recorded.
    fileprivate func mayShareSeed(with other: ExperimentRole) -> Bool {
        seed == nil || other.seed == nil || seed == other.seed
    }
}

/// A run of an experiment.
struct ExperimentRun {
    var role: ExperimentRole
    var outcome: RunOutcome
}
