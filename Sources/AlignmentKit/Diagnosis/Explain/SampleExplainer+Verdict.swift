import AlignmentStages

/// What a repair would give, what explains the checks, and what came of it all.
extension SampleExplainer {
    // MARK: Attribution

    func attribute(_ ledger: inout CauseLedger, _ found: [StageExplanation]) {
        let replay = Replay(
            sample: sample, runner: runner, aligned: aligned,
            tokens: found.first { $0.stage == .tokens }?.reproducing ?? current.profile,
            decode: found.first { $0.stage == .decode }?.reproducing ?? current.profile)
        ledger.update { cause in
            switch cause.kind {
            case .symptom: cause.attribution = .consistent
            case .limit where cause.id == "tokens.strip-valid-frame":
                (cause.attribution, cause.recovery) = replay.effectOfKeepingLastFrame
            case .defect, .setting, .limit, .never:
                switch cause.stage {
                case .collator, .generation:
                    cause.attribution = .needsIntervention
                    cause.recovery = replay.recoveryByNewRun
                case .tokens, .decode:
                    let deviation = Deviation.named(cause.id)
                    (cause.attribution, cause.recovery) = replay.effect(
                        ofRepairing: deviation, in: cause.stage)
                }
            }
        }
    }

    // MARK: Verdict

    func verdict(
        _ ledger: CauseLedger, _ found: [StageExplanation]
    ) -> Explanation {
        var stages = found.map { stage -> Explanation.Stage in
            Explanation.Stage(stage: stage.stage, status: stage.status, why: stage.why)
        }
        let (causes, settings) = (ledger.sortedCauses, ledger.settings)
        for index in stages.indices {
            let ids = causes.filter { $0.stage == stages[index].stage && $0.kind == .defect }.map(\.id)
            if stages[index].status == .innocent, !ids.isEmpty {
                stages[index].status = .deviates
                stages[index].why = "its recorded facts show \(ids.joined(separator: ", "))"
            } else if stages[index].status == .innocent {
                let effective = settings.filter { $0.stage == stages[index].stage }.map(\.id)
                if !effective.isEmpty {
                    stages[index].why =
                        "only settings part it from the reference: \(effective.joined(separator: ", "))"
                }
            }
        }
        let results = checks.verdicts.map { name, verdict in
            Explanation.CheckResult(
                check: name, status: verdict.status, value: verdict.value, bound: verdict.bound,
                why: verdict.why, explainedBy: [])
        }
        var result = Explanation(
            path: capture.path, sample: sample.name, reference: reference.name, verdict: .aligned,
            causes: causes,
            settings: settings, harmless: ledger.harmless, notTested: notTested(ledger), stages: stages,
            checks: results,
            notes: notes, exitCode: 0)
        result.judge(isStrict: isStrict)
        return result
    }

    var notes: [String] {
        var notes = reference.changes(to: capture).map { "since the good run: \($0)" }
        if case .success(let codec) = runner.codec { notes += codec.weights.notes }
        return notes
    }

    // MARK: What was not tested

    func notTested(_ ledger: CauseLedger) -> [Explanation.NotTested] {
        Deviation.catalogue.compactMap { deviation in
            guard deviation.kind != .never, !ledger.names({ $0 == deviation.id }) else { return nil }
            let missing = deviation.needs.compactMap { need in lacks(need, in: deviation.stage) }
            guard !missing.isEmpty else { return nil }
            return Explanation.NotTested(id: deviation.id, needs: missing.joined(separator: ", "))
        }
    }

    func lacks(_ need: Deviation.Need, in stage: Stage) -> String? {
        let has: Bool
        switch need {
        case .input: has = sample.recorded(stage) != nil
        case .encode: has = sample.collator != nil
        case .logits: has = sample.generation?.facts.logits != nil
        case .configuration: has = capture.hasModelConfiguration
        case .weights: if case .success = runner.codec { has = sample.decode != nil } else { has = false }
        case .golden: has = sample.recorded(stage)?.golden != nil && stage != .generation
        case .text: has = sample.spokenText != nil
        case .file: has = !sample.written.isEmpty
        case .output: has = sample.recorded(stage)?.captured != nil
        case .log: has = false
        }
        return has ? nil : need.words
    }
}
