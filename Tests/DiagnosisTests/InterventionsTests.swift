import AlignmentJSON
import AlignmentKit
import Foundation
import Testing

@testable import AlignmentDiagnosis

/// What paired runs make of each row of an explanation.
@Suite("Paired runs: what they show of a cause")
struct InterventionsTests {
    typealias Run = (name: String, role: ExperimentRole?, outcome: RunOutcome)

    static let surplus = "collator.surplus-placeholder"
    static let temperature = "generation.temperature"
    static let checks = ["energy", "eos", "support"]

    // MARK: Material

    /// The runs of one arm: of each seed whether the request fails as it is and with the repair.
    struct Arm {
        var asked: [String]
        /// nil: what was asked for.
        var applied: [String]?
        var check = "energy"
        /// Seeds that fail with the repair.
        var failing: Set<Int>
    }

    func outcome(failing: [String], absent: [String] = [], energy: Double? = nil) -> RunOutcome {
        RunOutcome(
            checks: Dictionary(
                uniqueKeysWithValues: Self.checks.map { check -> (String, CheckStatus) in
                    (check, failing.contains(check) ? .failed : absent.contains(check) ? .absent : .passed)
                }), energy: energy ?? (failing.contains("energy") ? 1e-10 : 1e-3), sampleCount: 960,
            eosShare: failing.contains("eos") ? 0 : 1, diversity: 0.5)
    }

    func role(
        _ arm: ExperimentRole.Arm, _ seed: Int, asked: [String] = [], applied: [String] = [],
        pair: String? = nil
    ) -> ExperimentRole {
        ExperimentRole(arm: arm, pair: pair ?? "0:\(seed)", seed: seed, asked: asked, applied: applied)
    }

    /// Runs as they are, of which these seeds fail these checks, and those of arms.
    func runs(
        seeds: Int = 8, failing: [String: Set<Int>] = ["energy": Set(0..<8)], _ arms: [Arm]
    ) -> [Run] {
        let plain = (0..<seeds).map { seed -> Run in
            let fails = Self.checks.filter { failing[$0]?.contains(seed) == true }
            return ("s\(seed)", role(.asIs, seed), outcome(failing: fails))
        }
        return plain
            + arms.enumerated().flatMap { index, arm in
                (0..<seeds).map { seed in
                    (
                        "r\(index).\(seed)",
                        role(.repaired, seed, asked: arm.asked, applied: arm.applied ?? arm.asked),
                        outcome(failing: arm.failing.contains(seed) ? [arm.check] : [])
                    )
                }
            }
    }

    func experiment(_ runs: [Run]) throws -> Interventions {
        try #require(Interventions(runs, checks: Self.checks))
    }

    /// The story's explanation as one of the experiment's runs, with a failed check.
    func story(_ checks: [String] = ["energy"], _ sample: String = "s0") throws -> Explanation {
        var story = try explain("silent-output")
        story.sample = sample
        // Of a silent run, what the file of 16 bits takes away is as silent.
        let floor = try #require(story.settings.lastIndex { $0.id == "decode.pcm-floor" })
        story.settings[floor].recovery?.energyAfter = 1e-10
        for index in story.checks.indices where checks.contains(story.checks[index].check) {
            story.checks[index].status = .failed
        }
        story.judge(isStrict: false)
        return story
    }

    func attributed(_ arms: [Arm], _ story: Explanation) throws -> Explanation {
        try experiment(runs(arms)).attribute(story, FoundIDs([story]))
    }

    func setting(_ explanation: Explanation) throws -> Explanation.Cause {
        try #require(explanation.settings.first { $0.id == Self.temperature })
    }

    func check(_ explanation: Explanation, _ name: String = "energy") throws
        -> Explanation.CheckResult
    {
        try #require(explanation.checks.first { $0.check == name })
    }

    // MARK: One id

    @Test("a cause whose repair mends the check is shown, with counts and medians")
    func shown() throws {
        let before = try story()
        #expect(before.causes[0].attribution == .needsIntervention)
        let after = try attributed([Arm(asked: [Self.surplus], failing: [3])], before)
        let cause = after.causes[0]
        #expect(cause.attribution == .shown)
        #expect(
            cause.evidence.last
                == "energy: 7 of 8 silent requests are sound with the repair, none the other way (p = 0.00781)"
        )
        #expect(cause.recovery?.replay == "intervention")
        #expect(cause.recovery?.energyBefore == 1e-10 && cause.recovery?.energyAfter == 1e-3)
        #expect(cause.recovery?.samplesAfter == 960 && cause.recovery?.decibels == nil)
        #expect(after.verdict == .explained)
        #expect(try check(after).explainedBy.contains(Self.surplus))
        #expect(try setting(after).attribution == .needsIntervention)
        // Nothing else has changed.
        var rest = after
        rest.causes[0] = before.causes[0]
        #expect(rest == before)
    }

    @Test("medians are those of the pairs that have a sound on both sides")
    func medians() throws {
        var all = runs([Arm(asked: [Self.surplus], failing: [])])
        for (index, run) in all.enumerated() {
            let seed = Double(run.role?.seed ?? 0)
            all[index].outcome.energy = run.name.hasPrefix("r") ? 1 + seed : (1 + seed) * 1e-10
        }
        all[15].outcome.energy = nil
        let story = try story()
        let cause = try experiment(all).attribute(story, FoundIDs([story])).causes[0]
        #expect(cause.recovery?.energyAfter == 4)
        #expect(abs((cause.recovery?.energyBefore ?? 0) - 4e-10) < 1e-20)
    }

    @Test(
        "a cause whose repair mends nothing is not shown, nor is what goes away with it; the check is open again"
    )
    func refuted() throws {
        let after = try attributed([Arm(asked: [Self.surplus], failing: Set(0..<8))], try story())
        let cause = after.causes[0]
        #expect(cause.attribution == .notShown && cause.recovery?.replay == "intervention")
        #expect(cause.evidence.last?.contains("at most 31.2 %") == true)
        #expect(cause.consequences.allSatisfy { $0.attribution == .notShown })
        #expect(try check(after).explainedBy.isEmpty)
        #expect(after.verdict == .unexplained && after.exitCode == 1)
    }

    @Test("too few pairs leave it to be decided, and say how many would do", arguments: [0, 1, 4])
    func undecided(mended: Int) throws {
        let before = try story()
        let found = try experiment(
            runs(seeds: 4, [Arm(asked: [Self.surplus], failing: Set(mended..<4))]))
        let cause = found.attribute(before, FoundIDs([before])).causes[0]
        #expect(cause.attribution == .needsIntervention && cause.recovery == before.causes[0].recovery)
        #expect(cause.evidence.last?.contains("more pair") == true)
        #expect(cause.consequences == before.causes[0].consequences)
    }

    @Test("as many broken as mended show nothing: the direction counts")
    func direction() throws {
        // Seeds 0 ... 3 fail as they are, 1 ... 7 with the repair: 1 mended, 4 broken.
        let all = runs(failing: ["energy": [0, 1, 2, 3]], [Arm(asked: [Self.surplus], failing: Set(1..<8))])
        let row = try #require(try experiment(all).rows([try story()]).first?.checks.first)
        #expect(row.mended == 1 && row.broken == 4 && row.asIsFailed == 4 && row.repairedFailed == 7)
        #expect(row.p == 31.0 / 32)
        // 0 ... 7 but for one break, none is mended.
        let broken = runs(failing: ["energy": [0]], [Arm(asked: [Self.surplus], failing: Set(0..<8))])
        let counts = try #require(try experiment(broken).rows([]).first?.checks.first)
        #expect(counts.mended == 0 && counts.broken == 7 && counts.p == 1 && counts.verdict == .undecided)
    }

    @Test("a setting that runs show explains the check that nothing explained")
    func settingShown() throws {
        var before = try story()
        before.causes = []
        before.judge(isStrict: false)
        #expect(before.verdict == .unexplained)
        let after = try attributed([Arm(asked: [Self.temperature], failing: [])], before)
        #expect(try setting(after).attribution == .shown)
        #expect(after.verdict == .explained && after.exitCode == 1)
        #expect(try check(after).explainedBy == [Self.temperature])
    }

    @Test("a symptom that was consistent is decided too")
    func symptom() throws {
        var budget = try explain("budget")
        budget.sample = "s0"
        #expect(budget.causes[0].attribution == .consistent)
        let arm = { (failing: Set<Int>) in
            Arm(asked: ["generation.budget"], check: "eos", failing: failing)
        }
        func found(_ failing: Set<Int>) throws -> Explanation {
            try experiment(runs(failing: ["eos": Set(0..<8)], [arm(failing)]))
                .attribute(budget, FoundIDs([budget]))
        }
        let shown = try found([])
        #expect(shown.causes[0].attribution == .shown && shown.verdict == .explained)
        let refuted = try found(Set(0..<8))
        #expect(refuted.causes[0].attribution == .notShown && refuted.verdict == .unexplained)
        // What lies in a later stage is decided by itself.
        #expect(refuted.causes[0].consequences == budget.causes[0].consequences)
    }

    @Test("what recomputing has shown stays shown, with the counts", arguments: [Set<Int>(), Set(0..<8)])
    func shownBefore(failing: Set<Int>) throws {
        let before = try story()
        let after = try attributed([Arm(asked: ["decode.pcm-floor"], failing: failing)], before)
        let (old, new) = (try #require(before.settings.last), try #require(after.settings.last))
        #expect(old.id == "decode.pcm-floor" && old.attribution == .shown)
        #expect(new.attribution == .shown && new.recovery == old.recovery)
        #expect(
            new.evidence == old.evidence + [try #require(new.evidence.last)] && new.evidence != old.evidence)
    }

    @Test("shown for one check is shown, not shown needs all of them")
    func severalChecks() throws {
        func found(_ eosMended: Bool, _ energyMended: Bool) throws -> Explanation.Attribution {
            let failing = (eosMended ? [] : ["eos"]) + (energyMended ? [] : ["energy"])
            var all = runs(failing: ["energy": Set(0..<8), "eos": [0, 1, 2]], [])
            for seed in 0..<8 {
                let fails = failing.filter { $0 == "energy" || seed < 3 }
                all.append(
                    (
                        "r\(seed)", role(.repaired, seed, asked: [Self.surplus], applied: [Self.surplus]),
                        outcome(failing: fails)
                    ))
            }
            let story = try story(["energy", "eos"])
            return try experiment(all).attribute(story, FoundIDs([story])).causes[0].attribution
        }
        #expect(try found(true, true) == .shown)
        #expect(try found(false, true) == .shown)
        // Three pairs refute nothing of EOS.
        #expect(try found(false, false) == .needsIntervention)
    }

    // MARK: What decides nothing

    @Test("a repair that changed nothing decides nothing, and that is said")
    func unchanged() throws {
        let before = try story()
        let arms = [Arm(asked: [Self.surplus], applied: [], failing: [])]
        let after = try attributed(arms, before)
        #expect(after.causes[0].attribution == .needsIntervention)
        #expect(after.causes[0].evidence.last?.contains("changed nothing, which decides nothing") == true)
        let row = try #require(try experiment(runs(arms)).rows([before]).first)
        #expect(row.applied.isEmpty && row.asked == [Self.surplus] && row.pairs == 8 && row.seeds == 8)
        #expect(row.checks.map(\.pairs) == [0] && row.checks.map(\.verdict) == [.undecided])
        #expect(row.note == "The repair changed nothing in any pair, which decides nothing.")
    }

    @Test("pairs in which the repair changed nothing are left out")
    func partlyUnchanged() throws {
        var all = runs([Arm(asked: [Self.surplus], failing: [])])
        for index in 8..<12 { all[index].role?.applied = [] }
        let row = try #require(try experiment(all).rows([try story()]).first)
        #expect(row.pairs == 8 && row.checks.map(\.pairs) == [4] && row.checks.map(\.verdict) == [.undecided])
        #expect(row.note == "In 4 of 8 pairs the repair changed nothing: left out.")
    }

    @Test("a check that is missing on one side leaves its pair out, and that is said")
    func missing() throws {
        var all = runs([Arm(asked: [Self.surplus], failing: [])])
        all[8].outcome = outcome(failing: [], absent: ["energy"])
        all[1].outcome = outcome(failing: [], absent: ["energy"])
        let row = try #require(try experiment(all).rows([try story()]).first)
        #expect(row.checks.map(\.pairs) == [6] && row.checks.map(\.mended) == [6])
        #expect(row.note == "energy could not be computed in 2 of 8 pairs: left out.")
    }

    @Test("only checks that fail as they are are tested; what a repair breaks is noted")
    func onlyFailing() throws {
        let all = runs([Arm(asked: [Self.surplus], check: "eos", failing: [0, 5])])
        let row = try #require(try experiment(all).rows([try story()]).first)
        #expect(row.checks.map(\.check) == ["energy"])
        #expect(row.note == "eos fails in 2 runs with the repair, and in none as it is.")
        let sound = runs(failing: [:], [Arm(asked: [Self.surplus], failing: [])])
        let none = try #require(try experiment(sound).rows([try story()]).first)
        #expect(none.checks.isEmpty)
        #expect(none.note == "No check fails in a run as it is: there is nothing to mend.")
        let before = try story()
        #expect(try experiment(sound).attribute(before, FoundIDs([before])) == before)
    }

    @Test("runs of no pair, of a pair twice, or under another seed are left out")
    func pairing() throws {
        var all = runs([Arm(asked: [Self.surplus], failing: [])])
        all[8].role?.pair = nil
        all[9].role?.pair = "0:2"
        all[11].role?.seed = 99
        all[12].role?.pair = "7:4"
        let row = try #require(try experiment(all).rows([try story()]).first)
        // 10 has a twin in 9.
        #expect(row.pairs == 3)
        #expect(row.note?.hasPrefix("5 runs with the repair are left out: ") == true)
        var twice = runs([Arm(asked: [Self.surplus], failing: [])])
        twice[0].role?.pair = "0:1"
        #expect(try experiment(twice).rows([]).first?.pairs == 6)
    }

    @Test("requests of one run under one seed are pairs of their own")
    func severalRequests() throws {
        var all: [Run] = []
        for request in 0..<2 {
            for seed in 0..<3 {
                let pair = "\(request):\(seed)"
                all.append(("a\(pair)", role(.asIs, seed, pair: pair), outcome(failing: ["energy"])))
                all.append(
                    (
                        "b\(pair)",
                        role(.repaired, seed, asked: [Self.surplus], applied: [Self.surplus], pair: pair),
                        outcome(failing: [])
                    ))
            }
        }
        let row = try #require(try experiment(all).rows([try story()]).first)
        #expect(row.pairs == 6 && row.seeds == 3 && row.checks.map(\.verdict) == [.shown])
    }

    @Test("an id that is no cause has its row, and says so")
    func noCause() throws {
        let before = try story()
        let arms = [Arm(asked: ["tokens.no-clip"], failing: [])]
        let row = try #require(try experiment(runs(arms)).rows([before]).first)
        #expect(row.checks.map(\.verdict) == [.shown])
        #expect(row.note == "By recomputing the runs as they are, tokens.no-clip is no cause.")
        #expect(try attributed(arms, before) == before)
    }

    @Test("a request that is no run of the experiment is left as it is")
    func bystander() throws {
        let other = try story(["energy"], "other")
        let found = try attributed([Arm(asked: [Self.surplus], failing: [])], other)
        #expect(found == other)
    }

    @Test("without a run with a repair there is no experiment")
    func noExperiment() {
        #expect(Interventions(runs([]), checks: Self.checks) == nil)
        let plain = runs([]).map { (name: $0.name, role: ExperimentRole?.none, outcome: $0.outcome) }
        #expect(Interventions(plain, checks: Self.checks) == nil)
    }
}
