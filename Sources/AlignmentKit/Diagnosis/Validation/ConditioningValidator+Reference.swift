import AlignmentJSON
import AlignmentStages
import AlignmentWording

/// What reaches the model, and what is set otherwise than in the reference.
extension ConditioningValidator {
    var referenceAudio: ConditioningCheck {
        let evidencePaths = [
            path("collator/captured/batch"), path("collator/input/prompt_ids"),
            path("collator/input/segments"),
        ]
        func result(
            _ status: ConditioningCheck.Status, _ value: JSONValue, _ why: String
        ) -> ConditioningCheck {
            ConditioningCheck(
                .referenceAudio, status, value, expected: .string("codes under every placeholder"),
                evidencePaths, why)
        }
        guard let recorded = sample.collator, let captured = recorded.captured else {
            return result(.notDecided, .null, "no collator call was recorded")
        }
        if case .raised(let error) = captured {
            return result(
                .failed, .null,
                "the collator raised \(error.type), so nothing reached the model: \(error.message)")
        }
        if isExpanded {
            let found = expandedReference
            return result(found.status, found.value, found.why)
        }
        let runner = StageRunner(sample: sample, model: model, codec: codec)
        let aligned = reference.resolved(for: model)
        let current = CapturedProfile(sample.profile, on: aligned)
            .observing(sample, reference: aligned, model: model)
        guard let other = runner.outcome(of: .collator, under: aligned) else {
            return result(.notDecided, .null, "no collator call was recorded")
        }
        let reached = Conditioning(
            current: captured, aligned: other, model: model, currentProfile: current.profile,
            alignedProfile: aligned
        ).current
        let value = JSONValue.array(
            reached.map { segment in
                .string("\(segment.placeholder): \(segment.frames.map { counted($0, "frame") } ?? "a hole")")
            })
        guard !reached.isEmpty else {
            return recorded.facts.items.allSatisfy(\.segments.isEmpty)
                ? result(.passed, value, "the request has no reference")
                : result(.failed, value, "a sound was encoded, and the batch has no placeholder for it")
        }
        if reached.contains(where: { $0.frames == 0 }) {
            return result(
                .failed, value,
                "a placeholder stands over an empty segment: the model hears that nobody spoke")
        }
        let hearsFeatures = pathway == .dual && !model.skipAudioTower
        if reached.contains(where: { $0.frames == nil && !($0.placeholder == "<|AUDIO|>" && hearsFeatures) })
        {
            return result(
                .failed, value, "a placeholder is a hole: no code of the reference reaches the model there")
        }
        let encoded = recorded.facts.items.flatMap { $0.segments.map(\.codes.columns) }
        for (index, segment) in reached.enumerated() where encoded.count == reached.count {
            guard let frames = segment.frames, frames != encoded[index] else { continue }
            return result(
                .failed, value,
                "sound \(index) has \(encoded[index]) frames, of which \(frames) reach the model")
        }
        return result(.passed, value, "the reference's codes reach the model")
    }

    var serveEngineAlignment: ConditioningCheck {
        let aligned = reference.resolved(for: model)
        let current = CapturedProfile(sample.profile, on: aligned)
            .observing(sample, reference: aligned, model: model)
        let judge = EffectJudge(
            runner: StageRunner(sample: sample, model: model, codec: codec), model: model,
            captured: current.profile)
        let present = Deviation.catalogue.filter { $0.isPresent(in: current.profile, against: aligned) }
        let mismatches = Knob.all.filter(current.isMismatch(against: aligned)).map { knob in
            ConditioningCheck.Mismatch(
                name: knob.key, captured: knob.value(current.profile).compactText,
                reference: knob.value(aligned).compactText,
                effect: EffectHere(of: knob, turnedAs: aligned, judge).effect,
                deviations: present.filter { $0.knobs.contains { $0.key == knob.key } }.map(\.id))
        }
        let defects = present.filter { deviation in
            let found = judge.effect(
                in: deviation.stage, against: deviation.repaired(in: current.profile, by: aligned))
            return deviation.kind == .defect && (found?.effect == .changesOutput || found?.effect == .raises)
        }
        let telling = mismatches.filter { $0.effect == nil || $0.effect?.isHarmless == false }
        let status: ConditioningCheck.Status =
            current.declared.isEmpty
            ? .notDecided : !defects.isEmpty ? .failed : telling.isEmpty ? .passed : .warning
        var check = ConditioningCheck(
            .serveEngineAlignment, status,
            status == .notDecided
                ? .null
                : .array(mismatches.map { .string("\($0.name): \($0.captured) vs \($0.reference)") }),
            expected: .string("as \(reference.name)"), [path("profile.json"), path("collator/input/sample")],
            current.declared.isEmpty
                ? "no profile was recorded"
                : mismatches.isEmpty
                    ? "every knob that was seen is as \(reference.name) has it"
                    : !defects.isEmpty
                        ? "defects with an effect here: " + defects.map(\.id).joined(separator: ", ")
                        : telling.isEmpty
                            ? "\(counted(mismatches.count, "knob")) set otherwise, without effect here"
                            : "settings other than \(reference.name)'s: "
                                + telling.map(\.name).joined(separator: ", "))
        check.mismatches = mismatches
        return check
    }
}

extension CapturedProfile {
    /// Whether a knob was seen with another value than the reference's, where that is not the caller's to choose.
    fileprivate func isMismatch(against reference: Profile) -> (Knob) -> Bool {
        { knob in
            let (own, other) = (knob.value(profile), knob.value(reference))
            let isFree = other == .null && KnobEffect.effect(of: knob)?.isNullCallersChoice == true
            return declared.contains(knob.key) && own != other && !isFree
        }
    }
}
