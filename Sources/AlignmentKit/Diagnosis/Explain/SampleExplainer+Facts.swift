import AlignmentStages

/// Causes out of facts that both paths share.
extension SampleExplainer {
    /// Live codec tensors that are not those that the reference has.
    var foreignWeights: [String] {
        capture.codec.tensorHashes.filter { name, hash in
            reference.codecHashes[name].map { $0 != hash } ?? false
        }.keys.sorted()
    }

    /// What the checks of facts look at.
    func facts(_ draws: DrawEvidence?) -> Facts {
        let validator = ConditioningValidator(
            sample, of: capture, evidence: evidence, reference: .serveEngine, codec: runner.codec)
        return Facts(
            sample: sample, model: model, aligned: aligned, current: current.profile, checks: checks,
            runner: runner, conditioning: runner.conditioning(current: current.profile, aligned: aligned),
            waveformRate: sample.collator == nil ? nil : validator.waveformRate,
            foreignWeights: foreignWeights, counterpart: reference.sample, draws: draws,
            declared: current.declared,
            isSameMachine: reference.ranLike(capture))
    }

    /// Enters what the facts show, and what the stages left unexplained that no fact explains either.
    func enterFacts(
        _ found: [StageExplanation], _ draws: DrawEvidence?, into ledger: inout CauseLedger
    ) {
        let facts = facts(draws)
        let generation = found.first { $0.stage == .generation }
        for deviation in Deviation.catalogue {
            guard let check = deviation.check, !reference.knownFacts.contains(deviation.id) else { continue }
            // What the scores show is better than what the draws allow.
            if deviation.id == "generation.parameters-ignored", let generation, generation.ignoresParameters {
                continue
            }
            guard !ledger.names({ $0 == deviation.id }), let finding = check(facts) else { continue }
            let deviation = finding.insteadOf ?? deviation
            let cause = Explanation.Cause(
                id: deviation.id, stage: deviation.stage, kind: finding.kind ?? deviation.kind,
                title: deviation.clause,
                effectAlone: finding.effect, effectHere: finding.effect, proof: .fact, exact: true,
                identified: true,
                equivalent: [], wouldSeparate: nil, attribution: .consistent, evidence: finding.evidence,
                fix: deviation.fix, recovery: nil, consequences: [], samples: [sample.name])
            if finding.effect?.isHarmless == true {
                ledger.harmless.append(cause)
            } else {
                ledger.add(cause, under: finding.under)
                if deviation.id == "generation.parameters-ignored" { ledger.drop(Self.parameters) }
            }
        }
        if let generation, generation.status == .raised,
            !ledger.hasDefect(in: [.collator, .generation])
        {
            ledger.add(unexplained(.generation, generation.unexplained), under: [])
        }
        if let generation, let differs = generation.machineDiffers,
            !ledger.names(CauseLedger.explainsStreams)
        {
            ledger.add(unexplained(.generation, [differs]), under: [])
        } else if let generation, generation.status == .innocent, !generation.ignoresParameters,
            sample.generation?.captured?["scores"] != nil,
            facts.checks.support.verdict.status == .failed
        {
            ledger.add(
                unexplained(
                    .generation,
                    ["the scores are the declared parameters', and yet \(facts.checks.support.verdict.why)"]),
                under: [])
        }
    }
}
