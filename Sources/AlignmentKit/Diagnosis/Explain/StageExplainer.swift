import AlignmentComparison
import AlignmentStages
import AlignmentTensors
import AlignmentWording

/// Explains one stage of one request by recomputing it from its own facts.
///
/// Equal to the reference on live outputs: innocent, whatever reached the stage. Reproduced by the captured
/// profile: all minimal sets of its deviations that still do. Else the catalogue is searched, one deviation, then
/// two, on the reference and on the captured profile. Else unexplained.
struct StageExplainer {
    let stage: Stage
    let runner: StageRunner
    let model: ModelConfiguration
    let aligned: Profile
    let current: Profile
    /// What is to be explained.
    let captured: Outcome
    /// The fields to be explained; nil for all.
    var fields: Set<String>?

    /// Most deviations of which all subsets are tried.
    static let exhaustiveLimit = 12
    /// Least distance between an explanation of floats and its rivals, in dB.
    static let rivalMargin = 6.0

    private var match: StageMatch {
        StageMatch(stage: stage, model: model, captured: part(of: captured), encoding: runner.encoding)
    }

    /// The deviations that the captured profile has in this stage.
    private var declared: [Deviation] {
        Deviation.declarable.filter { $0.stage == stage && $0.isPresent(in: current, against: aligned) }
    }

    func explain() -> StageExplanation {
        let reference = agreement(under: aligned)
        if let why = reference.undecided {
            return StageExplanation(stage: stage, status: .undecided, why: why)
        }
        if reference.isSame { return innocent(reference) }
        var explanation: StageExplanation
        let declaredAgreement = agreement(under: current)
        if declaredAgreement.isSame, let found = minimalSets(of: declared, in: current) {
            explanation = explained(by: found, in: current, exact: declaredAgreement.isExact)
        } else if let found = search() {
            explanation = found
        } else {
            explanation = unexplained(reference, declaredAgreement)
        }
        explanation.difference = reference.difference
        if captured.error != nil { explanation.status = .raised }
        return explanation
    }

    // MARK: Reproducing

    private func agreement(under profile: Profile) -> StageMatch.Agreement {
        guard let outcome = runner.outcome(of: stage, under: profile) else {
            return StageMatch.Agreement(isSame: false, undecided: "the stage was not recorded")
        }
        var floor: Double?
        var plainOutcome: Outcome?
        if stage == .decode, profile.decode.dtype != .float32 {
            var exact = profile
            exact.decode.dtype = .float32
            if let plain = runner.outcome(of: stage, under: exact) {
                plainOutcome = plain
                let name = "calls/0/waveform"
                if let narrow = outcome[name]?.tensor, let wide = plain[name]?.tensor {
                    floor = TensorKind(name).compare(narrow, wide, encoding: nil).figures?.snrDb
                }
            }
        }
        var agreement = match.agreement(with: part(of: outcome), floor: floor)
        // What lies much nearer to float32 than a narrow type does was not computed in it.
        if let floor, let plainOutcome,
            match.agreement(with: part(of: plainOutcome)).decibels > floor + Self.rivalMargin
        {
            agreement.isSame = false
            agreement.isExact = false
        }
        return agreement
    }

    /// The fields that are to be explained.
    private func part(of outcome: Outcome) -> Outcome {
        guard let fields, case .fields(let all) = outcome else { return outcome }
        return .fields(all.filter { fields.contains($0.name) })
    }

    private func innocent(_ agreement: StageMatch.Agreement) -> StageExplanation {
        var explanation = StageExplanation(
            stage: stage, status: .innocent,
            why: agreement.isExact
                ? "the reference profile gives the recorded output from the recorded input, bit for bit"
                : "the reference profile gives the recorded output from the recorded input, within the tolerance of floats",
            reproducing: current, isExact: agreement.isExact)
        for deviation in declared {
            let member = member(deviation, in: current)
            // With nothing to be the cause of, what hides a raise hides none.
            if member.here?.effect.isHarmless == false, member.here?.effect != .preventsRaise {
                explanation.members.append(member)
            } else {
                explanation.harmless.append(member)
            }
        }
        return explanation
    }

    // MARK: Minimal sets

    /// The reference with these deviations as a profile has them.
    private func profile(with deviations: [Deviation], of source: Profile) -> Profile {
        deviations.reduce(aligned) { profile, deviation in
            deviation.knobs.reduce(profile) { $1.copied(from: source, to: $0) }
        }
    }

    /// All minimal sets of deviations with which the reference gives the recorded output; nil if none does, which is
    /// so where a knob that no deviation names takes part.
    private func minimalSets(
        of deviations: [Deviation], in source: Profile, from decibels: Double = .infinity
    ) -> [[Deviation]]? {
        func reproduces(_ set: [Deviation]) -> Bool {
            let agreement = agreement(under: profile(with: set, of: source))
            return agreement.isSame || agreement.decibels.isFinite && agreement.decibels >= decibels
        }
        guard reproduces(deviations) else { return nil }
        guard deviations.count <= Self.exhaustiveLimit else {
            var kept = deviations
            for deviation in deviations {
                let fewer = kept.filter { $0.id != deviation.id }
                if reproduces(fewer) { kept = fewer }
            }
            return [kept]
        }
        var found: [Int] = []
        let masks = (1..<1 << deviations.count).sorted {
            ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1)
        }
        for mask in masks where !found.contains(where: { $0 & mask == $0 }) {
            let set = deviations.indices.filter { mask >> $0 & 1 == 1 }.map { deviations[$0] }
            if reproduces(set) { found.append(mask) }
        }
        return found.map { mask in deviations.indices.filter { mask >> $0 & 1 == 1 }.map { deviations[$0] } }
    }

    private func explained(
        by sets: [[Deviation]], in source: Profile, exact: Bool, proof: Explanation.Proof = .recomputed
    ) -> StageExplanation {
        let first = sets[0]
        var explanation = StageExplanation(
            stage: stage, status: .deviates, why: "", reproducing: source, isExact: exact, proof: proof)
        explanation.equivalent = Array(sets.dropFirst())
        explanation.members = withDependencies(first.map { member($0, in: source) }, in: source)
        let others = Deviation.declarable.filter { deviation in
            deviation.stage == stage && deviation.isPresent(in: source, against: aligned)
                && !sets.contains { $0.contains { $0.id == deviation.id } }
        }
        for deviation in others {
            let member = member(deviation, in: source)
            if member.here?.effect.isHarmless ?? true {
                explanation.harmless.append(member)
            } else {
                explanation.members.append(
                    withDependencies(explanation.members + [member], in: source).last ?? member)
            }
        }
        let defects = first.filter { $0.kind != .setting }
        explanation.status = defects.isEmpty ? .innocent : .deviates
        explanation.why =
            defects.isEmpty
            ? "only settings part it from the reference: \(first.map(\.id).joined(separator: ", "))"
            : "the recorded output is the reference's with \(first.map(\.id).joined(separator: ", "))"
        return explanation
    }

    private func member(_ deviation: Deviation, in source: Profile) -> StageExplanation.Member {
        let here = EffectJudge(runner: runner, model: model, captured: source)
        let alone = EffectJudge(
            runner: runner, model: model, captured: profile(with: [deviation], of: source))
        return StageExplanation.Member(
            deviation: deviation, alone: alone.effect(in: stage, against: aligned),
            here: here.effect(in: stage, against: deviation.repaired(in: source, by: aligned)))
    }

    /// The members, each with those whose repair takes its effect away.
    private func withDependencies(
        _ members: [StageExplanation.Member], in source: Profile
    ) -> [StageExplanation.Member] {
        func hasEffect(_ deviation: Deviation, without other: Deviation) -> Bool {
            let base = other.repaired(in: source, by: aligned)
            let judge = EffectJudge(runner: runner, model: model, captured: base)
            return judge.effect(in: stage, against: deviation.repaired(in: base, by: aligned))?.effect
                .isHarmless
                == false
        }
        var result = members
        for (index, member) in members.enumerated() {
            let preventsRaise = member.here?.effect == .preventsRaise
            result[index].dependsOn = members.indices.filter { other in
                guard other != index, !hasEffect(member.deviation, without: members[other].deviation) else {
                    return false
                }
                // Each takes the other's effect away: the one that hides a raise follows, else the later one.
                guard !hasEffect(members[other].deviation, without: member.deviation) else { return true }
                let othersPrevents = members[other].here?.effect == .preventsRaise
                return preventsRaise == othersPrevents ? other < index : preventsRaise
            }.map { members[$0].deviation.id }
        }
        return result
    }

    // MARK: Search

    private struct Match {
        var deviations: [Deviation]
        var profile: Profile
        var agreement: StageMatch.Agreement
        /// What it leaves of the stretch that it was screened by.
        var residual: Double
    }

    private func search() -> StageExplanation? {
        let bases = aligned.isSame(as: current, in: stage) ? [aligned] : [aligned, current]
        // Temperature, top-k and top-p are three, and cheap.
        var tried: [Match] = []
        for size in 1...(stage == .generation ? 3 : 2) {
            for base in bases {
                let trials = trials(on: base, size: size)
                let proven = Self.proven(trials)
                guard proven.isEmpty else { return explained(proven) }
                tried += trials
            }
            if let near = nearest(of: tried, size: size) { return explained([near]) }
        }
        return nil
    }

    /// The set of so many deviations that comes far nearer to recorded floats than the reference and every other set,
    /// where a noisy decode hides the last bits of it: 60 dB, and 20 dB before all rivals.
    private func nearest(of trials: [Match], size: Int) -> Match? {
        guard stage == .decode else { return nil }
        let found = trials.filter {
            $0.agreement.decibels.isFinite && $0.profile.decode.dtype == .float32
        }.sorted { $0.agreement.decibels > $1.agreement.decibels }
        guard let best = found.first, best.agreement.decibels >= 60, best.deviations.count == size else {
            return nil
        }
        func isLikeBest(_ match: Match) -> Bool {
            Set(match.deviations.map(\.id)) == Set(best.deviations.map(\.id))
        }
        let rivals =
            found.filter { !isLikeBest($0) }.map(\.agreement.decibels) + [agreement(under: aligned).decibels]
        guard rivals.allSatisfy({ best.agreement.decibels - $0 >= 20 }) else { return nil }
        // Of values that the noise does not tell apart, the one that fits the stretch.
        return found.filter { isLikeBest($0) && best.agreement.decibels - $0.agreement.decibels < 1 }
            .min { $0.residual < $1.residual }
    }

    private func candidates(on base: Profile) -> [Candidate] {
        guard let expected = runner.outcome(of: stage, under: base) else { return [] }
        let clues = Clues(
            stage: stage, sample: runner.sample, model: model, profile: base, expected: expected,
            captured: captured, screen: screen)
        return Deviation.declarable.filter { $0.stage == stage }.flatMap { $0.candidates(clues) }
    }

    private var screen: StretchScreen { StretchScreen(runner: runner, captured: captured) }

    /// Sets of so many deviations, each with how it compares, in the catalogue's order.
    ///
    /// What a stretch of a sound rejects is left out. What explains it best is tried first: then little else can still
    /// be a rival.
    private func trials(on base: Profile, size: Int) -> [Match] {
        var tried = Set<String>()
        var found: [(order: [Int], match: Match)] = []
        func extend(_ deviations: [Deviation], _ profile: Profile, _ order: [Int]) {
            let isLast = deviations.count + 1 == size
            let steps = candidates(on: profile).enumerated().filter { _, candidate in
                // Two changes of the codec itself are not searched for: each costs a whole decode, and what is done to
                // the sound afterwards can only be guessed from it.
                !deviations.contains { $0.id == candidate.deviation.id }
                    && (deviations.isEmpty || candidate.profile.decode.isDecodedAlike(profile.decode))
            }.map { index, candidate in
                (
                    index: index, candidate: candidate,
                    screened: stage == .decode
                        ? screen.finding(
                            candidate.profile,
                            isLast ? .none : .init(besides: deviations + [candidate.deviation]))
                        : StretchScreen.Finding()
                )
            }.filter(\.screened.mayHold)
            for step in steps.sorted(by: { $0.screened.residual < $1.screened.residual }) {
                let best =
                    found.map(\.match.agreement).filter(\.isSame).map(\.decibels).max() ?? -.infinity
                guard step.screened.ceiling > best - Self.rivalMargin || step.screened.ceiling == .infinity
                else {
                    continue
                }
                let path = order + [step.index]
                let set = deviations + [step.candidate.deviation]
                if !isLast {
                    extend(set, step.candidate.profile, path)
                } else if tried.insert(key(of: step.candidate.profile)).inserted {
                    let agreement = agreement(under: step.candidate.profile)
                    found.append(
                        (
                            path,
                            Match(
                                deviations: set, profile: step.candidate.profile, agreement: agreement,
                                residual: step.screened.residual)
                        ))
                }
            }
        }
        extend([], base, [])
        return found.sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.match)
    }

    /// Those that give the recorded output; of floats those that no other comes nearer by more than the margin.
    private static func proven(_ trials: [Match]) -> [Match] {
        let found = trials.filter(\.agreement.isSame)
        let best = found.map(\.agreement.decibels).max() ?? 0
        return found.filter {
            $0.agreement.isExact || best - $0.agreement.decibels < rivalMargin
                || best == .infinity && $0.agreement.decibels == best
        }
    }

    private func key(of profile: Profile) -> String {
        Knob.all.filter { $0.stage == stage }.map { $0.value(profile).compactText }.joined(separator: "|")
    }

    private func explained(_ matches: [Match]) -> StageExplanation? {
        var sets: [[Deviation]] = []
        var source: Profile?
        var exact = false
        for match in matches {
            let present = Deviation.declarable.filter {
                $0.stage == stage && $0.isPresent(in: match.profile, against: aligned)
            }
            let bound = match.agreement.isSame ? .infinity : match.agreement.decibels - Self.rivalMargin
            guard let minimal = minimalSets(of: present, in: match.profile, from: bound)?.first,
                !minimal.isEmpty
            else { continue }
            if source == nil {
                source = match.profile
                exact = match.agreement.isExact
            }
            let ids = Set(minimal.map(\.id))
            if !sets.contains(where: { Set($0.map(\.id)) == ids }) { sets.append(minimal) }
        }
        guard let source else { return nil }
        // Of sets that give the same, one without a defect accuses nobody.
        sets.sort { left, right in
            left.count { $0.kind == .defect } < right.count { $0.kind == .defect }
        }
        return explained(by: sets, in: source, exact: exact, proof: .searched)
    }

    private func unexplained(
        _ reference: StageMatch.Agreement, _ declared: StageMatch.Agreement
    ) -> StageExplanation {
        var explanation = StageExplanation(
            stage: stage, status: .deviates,
            why: "no deviation of the catalogue, and no two, give the recorded output")
        explanation.unexplained = [
            "against the reference: \(reference.difference ?? "it differs")"
                + (reference.decibels.isFinite ? " (\(number(reference.decibels)) dB)" : "")
        ]
        if !aligned.isSame(as: current, in: stage) {
            explanation.unexplained.append(
                "against the captured profile: \(declared.difference ?? declared.undecided ?? "it differs")"
                    + (declared.decibels.isFinite ? " (\(number(declared.decibels)) dB)" : ""))
        }
        return explanation
    }
}
