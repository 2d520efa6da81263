/// What an archive's paired runs show: the same requests under the same seeds, as they are and with a repair.
public struct Interventions {
    /// The runs with a repair by what was to be repaired, in the archive's order.
    let arms: [InterventionArm]
    /// Checks that fail in a run as it is.
    let failing: [String]
    /// Checks that fail in none of them.
    let passing: [String]
    /// Requests that ran as they are.
    let asIs: Set<String>

    /// The experiment of an archive's requests; nil for an archive without a run with a repair.
    public init?(_ samples: [SampleExplainer]) {
        self.init(
            samples.map { ($0.sample.name, $0.sample.role, RunOutcome($0)) },
            checks: [RunOutcome.audio] + (samples.first?.checks.verdicts.map(\.name) ?? []))
    }

    /// - Parameters:
    ///   - runs: requests by name.
    ///   - checks: the names of the checks in their order.
    init?(_ runs: [(name: String, role: ExperimentRole?, outcome: RunOutcome)], checks: [String]) {
        func part(_ arm: ExperimentRole.Arm) -> [(name: String, run: ExperimentRun)] {
            runs.compactMap { run in
                guard let role = run.role, role.arm == arm else { return nil }
                return (run.name, ExperimentRun(role: role, outcome: run.outcome))
            }
        }
        let (plain, repaired) = (part(.asIs), part(.repaired).map(\.run))
        guard !repaired.isEmpty else { return nil }
        let partners = Dictionary(grouping: plain.map(\.run).filter { $0.role.pair != nil }) {
            $0.role.pair ?? ""
        }
        let sets = repaired.map { Set($0.role.asked) }.reduce(into: [Set<String>]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let runsOf = Dictionary(grouping: repaired) { Set($0.role.asked) }
        arms = sets.map { InterventionArm(runsOf[$0] ?? [], asIs: partners) }
        let fails = { (check: String) in plain.contains { $0.run.outcome.fails(check) == true } }
        failing = checks.filter(fails)
        passing = checks.filter { !fails($0) }
        asIs = Set(plain.map(\.name))
    }

    /// Counts of each check that fails in a run as it is, over pairs.
    func counts(_ pairs: [InterventionArm.PairedRun]) -> [(check: String, counts: PairedCounts)] {
        failing.map { ($0, InterventionArm.counts(of: $0, in: pairs)) }
    }

    /// What pairs decide over all checks that fail: shown where one is mended, not shown where none is.
    func verdict(_ pairs: [InterventionArm.PairedRun]) -> Intervention.Verdict {
        let verdicts = counts(pairs).map(\.counts.verdict)
        if verdicts.contains(.shown) { return .shown }
        return !verdicts.isEmpty && verdicts.allSatisfy { $0 == .notShown } ? .notShown : .undecided
    }
}
