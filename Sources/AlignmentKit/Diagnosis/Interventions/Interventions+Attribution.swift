extension Interventions {
    /// The explanations of the runs as they are, with what the paired runs show of each cause and setting.
    ///
    /// What recomputing has decided stays as it is; the counts are added to its evidence. What explains a failed check,
    /// and the verdict, follow.
    public func attribute(_ samples: [ExplainedSample]) -> [ExplainedSample] {
        let found = FoundIDs(samples.map(\.explanation).filter { asIs.contains($0.sample) })
        return samples.map { sample in
            var sample = sample
            sample.explanation = attribute(sample.explanation, found, isStrict: sample.explainer.isStrict)
            return sample
        }
    }

    /// - Parameter found: ids of what explains all runs as they are.
    func attribute(_ explanation: Explanation, _ found: FoundIDs, isStrict: Bool = false) -> Explanation {
        guard asIs.contains(explanation.sample) else { return explanation }
        var explanation = explanation
        let rows = explanation.causes + explanation.causes.flatMap(\.consequences) + explanation.settings
        explanation.updateRows { row in
            let peers = rows.count { $0.stage == row.stage && $0.equivalent == row.equivalent }
            let finding = finding(on: row, isOneOfSeveral: peers > 1, found)
            row.evidence += finding.evidence
            guard row.attribution == .needsIntervention || row.attribution == .consistent else { return }
            switch finding.verdict {
            case .shown: row.attribution = .shown
            case .notShown: row.attribution = .notShown
            case .undecided: return
            }
            row.recovery = Self.recovery(finding.pairs)
        }
        for index in explanation.causes.indices { explanation.causes[index].refuteConsequences() }
        explanation.judge(isStrict: isStrict)
        return explanation
    }

    /// What the runs say of one row.
    private struct Finding {
        var verdict = Intervention.Verdict.undecided
        var evidence: [String] = []
        /// The pairs that decided.
        var pairs: [InterventionArm.PairedRun] = []
    }

    /// - Parameter isOneOfSeveral: the row's equivalents stand for it together with others.
    private func finding(
        on row: Explanation.Cause, isOneOfSeveral: Bool, _ found: FoundIDs
    ) -> Finding {
        func arm(for ids: [String]) -> InterventionArm? {
            arms.first { !$0.applied.isEmpty && Set($0.applied) == Set(ids) }
        }
        let idle =
            arms.contains { $0.asked.contains(row.id) && !$0.pairs.isEmpty }
            && !arms.contains { $0.applied.contains(row.id) }
        let idleWords = idle ? ["the runs that were to repair it changed nothing, which decides nothing"] : []
        if let own = arm(for: [row.id]) { return finding(own.changed, ofAll: true, "the repair") }
        if let other = row.equivalent.lazy.compactMap(arm).first {
            var finding = finding(other.changed, ofAll: !isOneOfSeveral, other.words)
            finding.evidence = idleWords + finding.evidence
            return finding
        }
        let ids = [row.id] + row.equivalent.filter { $0.count == 1 }.flatMap(\.self)
        var result = Finding(evidence: idleWords)
        for arm in arms where arm.applied.count > 1 {
            guard let member = ids.first(where: arm.applied.contains) else { continue }
            let acting = arm.applied.filter { found.mayAct($0, beside: arm.applied) }
            let isAlone = !acting.isEmpty && acting.allSatisfy(row.isNamed)
            let next = finding(
                arm.changed.filter { $0.applied.contains(member) }, ofAll: isAlone, arm.words)
            result.evidence += next.evidence
            // What a repair did not mend beside another one, it does not mend.
            if next.verdict == .notShown || result.verdict == .undecided, next.verdict != .undecided {
                (result.verdict, result.pairs) = (next.verdict, next.pairs)
            }
        }
        return result
    }

    /// What pairs decide.
    ///
    /// - Parameters:
    ///   - ofAll: what they show, they show of the row; otherwise of it and others together.
    ///   - repair: the repair in words.
    private func finding(
        _ pairs: [InterventionArm.PairedRun], ofAll isAlone: Bool, _ repair: String
    ) -> Finding {
        let verdict = verdict(pairs)
        return Finding(
            verdict: verdict == .shown && !isAlone ? .undecided : verdict,
            evidence: counts(pairs).map { $0.counts.sentence(of: $0.check, with: repair) }, pairs: pairs)
    }

    /// The sound of pairs of runs: medians over those that have one on both sides.
    private static func recovery(_ pairs: [InterventionArm.PairedRun]) -> Explanation.Recovery {
        func medians(_ value: (RunOutcome) -> Double?) -> (before: Double?, after: Double?) {
            let both = pairs.compactMap { pair -> (Double, Double)? in
                guard let before = value(pair.asIs), let after = value(pair.repaired) else { return nil }
                return (before, after)
            }
            return (both.map(\.0).median, both.map(\.1).median)
        }
        let energy = medians(\.energy)
        let length = medians { $0.sampleCount.map(Double.init) }
        let (eos, diversity) = (medians(\.eosShare), medians(\.diversity))
        return Explanation.Recovery(
            replay: Explanation.Recovery.intervention, energyBefore: energy.before, energyAfter: energy.after,
            samplesBefore: length.before.map { Int($0) }, samplesAfter: length.after.map { Int($0) },
            decibels: nil, eosBefore: eos.before, eosAfter: eos.after, diversityBefore: diversity.before,
            diversityAfter: diversity.after, goldenDbBefore: nil, goldenDbAfter: nil)
    }
}

extension Explanation.Cause {
    /// Paired runs show that its repair mends a failed check.
    package var isShownByRuns: Bool { isDecidedByRuns && attribution == .shown }

    /// Paired runs show that its repair mends none.
    package var isRefutedByRuns: Bool { isDecidedByRuns && attribution == .notShown }

    private var isDecidedByRuns: Bool { recovery?.replay == Explanation.Recovery.intervention }
}

extension InterventionArm {
    /// What was repaired, in words.
    fileprivate var words: String { applied.joined(separator: " and ") + " repaired" }
}

extension Explanation.Cause {
    /// What runs refute they refute with all that goes away with it: in its stage, a consequence has no effect once it is
    /// repaired.
    fileprivate mutating func refuteConsequences() {
        guard isRefutedByRuns else { return }
        for index in consequences.indices where consequences[index].stage == stage {
            guard [.needsIntervention, .consistent].contains(consequences[index].attribution) else {
                continue
            }
            consequences[index].attribution = .notShown
            consequences[index].recovery = recovery
            consequences[index].evidence.append(
                "the repair of \(id), which takes its effect away, does not mend what fails")
        }
    }
}

extension Explanation {
    /// Changes every row that may be at work here: causes, what follows from them, settings.
    fileprivate mutating func updateRows(_ change: (inout Cause) -> Void) {
        for index in causes.indices {
            change(&causes[index])
            for consequence in causes[index].consequences.indices {
                change(&causes[index].consequences[consequence])
            }
        }
        for index in settings.indices { change(&settings[index]) }
    }
}
