import AlignmentStages

/// Causes out of what explains a stage.
extension SampleExplainer {
    func enter(_ stage: StageExplanation, into ledger: inout CauseLedger) {
        let members = stage.members.map { cause($0, stage) }
        if stage.ignoresParameters, let ignored = Deviation.named("generation.parameters-ignored") {
            ledger.add(parametersIgnored(ignored, members), under: [])
        } else {
            for (member, cause) in zip(stage.members, members) where cause.kind != .never {
                ledger.add(cause, under: member.dependsOn)
            }
        }
        for member in stage.harmless { ledger.harmless.append(cause(member, stage)) }
        if !stage.unexplained.isEmpty, stage.status != .raised || stage.stage != .generation {
            ledger.add(unexplained(stage.stage, stage.unexplained), under: [])
        }
    }

    func cause(_ member: StageExplanation.Member, _ stage: StageExplanation) -> Explanation.Cause {
        let deviation = member.deviation
        let source = stage.reproducing ?? current.profile
        let changes = deviation.knobs.map {
            Explanation.Change(knob: $0.key, captured: $0.value(source), reference: $0.value(aligned))
        }.filter { $0.captured != $0.reference }
        var evidence = changes.map(\.sentence)
        if let error = member.here?.error,
            member.here?.effect == .raises || member.here?.effect == .preventsRaise
        {
            evidence.append(
                member.here?.effect == .raises
                    ? "with it upstream raises \(error)" : "without it upstream raises \(error)")
        }
        if let difference = stage.difference, member.here?.effect.isHarmless == false {
            evidence.append(difference)
        }
        let equivalent = stage.members.contains { $0.deviation.id == deviation.id } ? stage.equivalent : []
        return Explanation.Cause(
            id: deviation.id, stage: deviation.stage, kind: deviation.kind, title: deviation.clause,
            effectAlone: member.alone?.effect, effectHere: member.here?.effect, proof: stage.proof,
            exact: stage.isExact, identified: equivalent.isEmpty, equivalent: equivalent.map { $0.map(\.id) },
            wouldSeparate: equivalent.isEmpty ? nil : separation(deviation, equivalent),
            attribution: .consistent, evidence: evidence, fix: deviation.fix, changes: changes, recovery: nil,
            consequences: [], samples: [sample.name])
    }

    /// Where the user's own code calls what a cause is about.
    func site(of cause: Explanation.Cause) -> CallSite? {
        let calls: [CallSite.Call]
        switch cause.stage {
        case .collator: calls = [.collator]
        case .generation: calls = [.generate]
        case .tokens: calls = [.revert, .decode]
        case .decode:
            let isOfFile =
                Deviation.named(cause.id)?.needs.contains(.file) == true
                || cause.changes.contains { $0.knob.hasSuffix("_at") && $0.captured == .string("file") }
            calls = isOfFile ? [.write] : [.decode]
        }
        return calls.lazy.compactMap { sample.sites[$0] }.first
    }

    /// Parameters that the capture declares and its scores contradict; what the scores show is the evidence.
    func parametersIgnored(_ deviation: Deviation, _ shown: [Explanation.Cause]) -> Explanation.Cause {
        let knobs = shown.compactMap { Deviation.named($0.id) }.flatMap(\.knobs)
        let changes = shown.flatMap(\.changes)
        let declared = knobs.map { "\($0.key) \($0.value(current.profile).compactText)" }
        return Explanation.Cause(
            id: deviation.id, stage: deviation.stage, kind: deviation.kind, title: deviation.clause,
            effectAlone: .changesOutput, effectHere: .changesOutput, proof: .searched, exact: false,
            identified: true,
            equivalent: [], wouldSeparate: nil, attribution: .needsIntervention,
            evidence: ["declared: \(declared.joined(separator: ", "))"]
                + (changes.isEmpty
                    ? ["the recorded scores are those of the reference's values"]
                    : shown.flatMap(\.evidence)),
            fix: deviation.fix, changes: changes, recovery: nil, consequences: [],
            samples: [sample.name])
    }

    func separation(_ deviation: Deviation, _ others: [[Deviation]]) -> String {
        let knobs = ([deviation] + others.flatMap { $0 }).flatMap(\.knobs).map(\.key)
        let unique = knobs.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return
            "a capture that records \(unique.joined(separator: ", ")), or one of another request on which they differ"
    }

    func unexplained(_ stage: Stage, _ evidence: [String]) -> Explanation.Cause {
        var evidence = evidence
        let unknown = current.unknown.filter {
            $0.hasPrefix(stage.rawValue + ".") && CapturedProfile.recordedOnly[$0] == nil
        }
        if !unknown.isEmpty {
            evidence.append(
                "the capture declares what the catalogue does not know: " + unknown.joined(separator: ", "))
        }
        return Explanation.Cause(
            id: "\(stage.rawValue).unexplained", stage: stage, kind: .defect,
            title: "does something in the \(stage.rawValue) stage that the catalogue does not hold",
            effectAlone: nil, effectHere: .changesOutput, proof: .none, exact: false, identified: false,
            equivalent: [],
            wouldSeparate: nil, attribution: .consistent, evidence: evidence,
            fix: "compare the stage's code with upstream's at the place named", recovery: nil,
            consequences: [],
            samples: [sample.name])
    }
}
