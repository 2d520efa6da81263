public import AlignmentCodec
public import AlignmentStages
import AlignmentComparison
import AlignmentTensors

/// Explains one request: every stage from its own facts, what the facts show that both paths share, and what a repair
/// would give.
public struct SampleExplainer {
    private let capture: Capture
    private let sample: SampleCapture
    private let model: ModelConfiguration
    private let reference: ExplanationReference
    private let aligned: Profile
    private let current: CapturedProfile
    private let runner: StageRunner
    private let evidence: ConditioningEvidence
    private let isStrict: Bool

    /// Prepares a request of a capture.
    ///
    /// - Parameters:
    ///   - reference: what it is judged against.
    ///   - profile: the profile of the pipeline in place of the captured one.
    ///   - isStrict: settings that have an effect make exit code 1.
    public init(
        _ sample: SampleCapture, of capture: Capture, evidence: ConditioningEvidence,
        reference: ExplanationReference, profile: ProfileDescription? = nil,
        codec: Result<CodecFamily, MissingCodec>, isStrict: Bool = false
    ) {
        self.capture = capture
        self.sample = sample
        self.reference = reference
        self.evidence = evidence
        self.isStrict = isStrict
        model = capture.model
        runner = StageRunner(sample: sample, model: capture.model, codec: codec)
        var aligned = reference.profile
        if !capture.hasModelConfiguration {
            // What the model's configuration says is not known: what the pipeline says is as good a guess.
            let own = CapturedProfile(sample.profile, on: aligned)
            for knob in reference.modelKnobs where own.declared.contains(knob.key) {
                aligned = knob.copied(from: own.profile, to: aligned)
            }
        }
        self.aligned = aligned
        let declared =
            profile.map { CapturedProfile($0.resolved(for: capture.model)) }
            ?? CapturedProfile(sample.profile, on: aligned)
        current = declared.observing(sample, reference: aligned, model: capture.model)
    }

    /// The whole explanation.
    public func explain() -> Explanation {
        let found = Stage.allCases.map(explain)
        let checks = self.checks
        var ledger = CauseLedger()
        for stage in found { enter(stage, into: &ledger) }
        enterFacts(facts(checks), found, into: &ledger)
        attribute(&ledger, found)
        return verdict(ledger, found, checks)
    }

    /// The profile under which every stage gives what was recorded, as far as one was found.
    public var reproducingProfile: Profile {
        Stage.allCases.reduce(current.profile) { profile, stage in
            let found = explain(stage).reproducing ?? current.profile
            return Knob.all.filter { $0.stage == stage }.reduce(profile) { $1.copied(from: found, to: $0) }
        }
    }

    // MARK: Stages

    private func explain(_ stage: Stage) -> StageExplanation {
        guard let recorded = sample.recorded(stage) else {
            return StageExplanation(stage: stage, status: .notCaptured, why: "not in the capture")
        }
        guard let captured = recorded.captured else {
            return StageExplanation(stage: stage, status: .undecided, why: "its output was not recorded")
        }
        if stage == .decode, checks.finiteSamples.status == .failed {
            // Samples that are no numbers equal nothing: the check of them says what there is to say.
            return StageExplanation(stage: stage, status: .deviates, why: checks.finiteSamples.why)
        }
        if stage == .decode, !foreignWeights.isEmpty {
            return StageExplanation(
                stage: stage, status: .deviates,
                why: "the codec that decoded has other weights than the one at hand")
        }
        if stage == .generation { return explainGeneration(captured) }
        return explainer(stage, captured).explain()
    }

    private func explainer(_ stage: Stage, _ captured: Outcome) -> StageExplainer {
        StageExplainer(
            stage: stage, runner: runner, model: model, aligned: aligned, current: current.profile,
            captured: captured)
    }

    /// Scores are explained by the sampler's parameters, forced cells by the state machine, each apart.
    private func explainGeneration(_ captured: Outcome) -> StageExplanation {
        if captured.error != nil {
            return StageExplanation(
                stage: .generation, status: .raised, why: captured.error?.description ?? "",
                unexplained: ["generate raised \(captured.error?.description ?? "")"])
        }
        var sampler = explainer(.generation, captured)
        sampler.fields = ["scores"]
        var explanation = sampler.explain()
        explanation.ignoresParameters =
            explanation.proof == .searched
            && explanation.members.contains {
                $0.deviation.knobs.contains { current.declared.contains($0.key) }
            }
        guard let outcome = runner.outcome(of: .generation, under: machineProfile) else { return explanation }
        func rest(_ outcome: Outcome) -> Outcome { .fields(outcome.fields.filter { $0.name != "scores" }) }
        let match = StageMatch(stage: .generation, model: model, captured: rest(captured), encoding: nil)
        let agreement = match.agreement(with: rest(outcome))
        if !agreement.isSame {
            explanation.machineDiffers = agreement.difference ?? "the streams differ"
            explanation.status = .deviates
            explanation.why = "the recorded streams are not those of the state machine"
        }
        return explanation
    }

    /// The reference with the delay machine of the stack whose batch was recorded.
    private var machineProfile: Profile {
        var profile = aligned
        profile.generation.delayMachine = current.profile.generation.delayMachine
        return profile
    }

    private func enter(_ stage: StageExplanation, into ledger: inout CauseLedger) {
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

    private func cause(_ member: StageExplanation.Member, _ stage: StageExplanation) -> Explanation.Cause {
        let deviation = member.deviation
        let source = stage.reproducing ?? current.profile
        var evidence = deviation.knobs.compactMap { knob -> String? in
            let (here, there) = (knob.value(source), knob.value(aligned))
            return here == there
                ? nil : "\(knob.key) is \(here.compactText) where the reference has \(there.compactText)"
        }
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
            attribution: .consistent, evidence: evidence, fix: deviation.fix, recovery: nil, consequences: [],
            samples: [sample.name])
    }

    /// Parameters that the capture declares and its scores contradict; what the scores show is the evidence.
    private func parametersIgnored(_ deviation: Deviation, _ shown: [Explanation.Cause]) -> Explanation.Cause
    {
        let knobs = shown.compactMap { Deviation.named($0.id) }.flatMap(\.knobs)
        let declared = knobs.map { "\($0.key) \($0.value(current.profile).compactText)" }
        return Explanation.Cause(
            id: deviation.id, stage: deviation.stage, kind: deviation.kind, title: deviation.clause,
            effectAlone: .changesOutput, effectHere: .changesOutput, proof: .searched, exact: false,
            identified: true,
            equivalent: [], wouldSeparate: nil, attribution: .needsIntervention,
            evidence: ["declared: \(declared.joined(separator: ", "))"] + shown.flatMap(\.evidence),
            fix: deviation.fix, recovery: nil, consequences: [], samples: [sample.name])
    }

    private func separation(_ deviation: Deviation, _ others: [[Deviation]]) -> String {
        let knobs = ([deviation] + others.flatMap { $0 }).flatMap(\.knobs).map(\.key)
        let unique = knobs.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return
            "a capture that records \(unique.joined(separator: ", ")), or one of another request on which they differ"
    }

    private func unexplained(_ stage: Stage, _ evidence: [String]) -> Explanation.Cause {
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

    // MARK: Facts

    /// Live codec tensors that are not those that the reference has.
    private var foreignWeights: [String] {
        capture.codec.tensorHashes.filter { name, hash in
            reference.codecHashes[name].map { $0 != hash } ?? false
        }.keys.sorted()
    }

    private var checks: Checks {
        CheckRunner(sample: sample, model: model, profile: current.profile, codes: codes).checks
    }

    /// The codes handed to the codec, as captured, else as recomputed.
    private var codes: [NDArray<Int64>]? {
        let outcome = sample.tokens?.captured ?? runner.outcome(of: .tokens, under: current.profile)
        let codes = outcome?.codes ?? []
        return codes.isEmpty ? sample.decode?.facts : codes
    }

    private func facts(_ checks: Checks) -> Facts {
        var conditioning: Conditioning?
        if let recorded = sample.recorded(.collator),
            let currentOutcome = runner.outcome(of: .collator, under: current.profile),
            let alignedOutcome = runner.outcome(of: .collator, under: aligned)
        {
            conditioning = Conditioning(
                current: recorded.captured ?? currentOutcome, aligned: alignedOutcome, model: model,
                currentProfile: current.profile, alignedProfile: aligned)
        }
        let validator = ConditioningValidator(
            sample, of: capture, evidence: evidence, reference: .serveEngine, codec: runner.codec)
        return Facts(
            sample: sample, model: model, aligned: aligned, current: current.profile, checks: checks,
            runner: runner,
            conditioning: conditioning, waveformRate: sample.collator == nil ? nil : validator.waveformRate,
            foreignWeights: foreignWeights, counterpart: reference.sample,
            isSameMachine: reference.ranLike(capture))
    }

    private func enterFacts(_ facts: Facts, _ found: [StageExplanation], into ledger: inout CauseLedger) {
        let generation = found.first { $0.stage == .generation }
        for deviation in Deviation.catalogue {
            guard let check = deviation.check, !reference.knownFacts.contains(deviation.id) else { continue }
            // What the scores show is better than what the draws allow.
            if deviation.id == "generation.parameters-ignored", let generation, generation.ignoresParameters {
                continue
            }
            guard let finding = check(facts) else { continue }
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

    // MARK: Attribution

    private func attribute(_ ledger: inout CauseLedger, _ found: [StageExplanation]) {
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
                    cause.recovery = Explanation.Recovery(
                        replay: "needs_intervention", energyBefore: replay.energyBefore)
                case .tokens, .decode:
                    let deviation = Deviation.named(cause.id)
                    (cause.attribution, cause.recovery) = replay.effect(
                        ofRepairing: deviation, in: cause.stage)
                }
            }
        }
    }

    // MARK: Verdict

    private func verdict(
        _ ledger: CauseLedger, _ found: [StageExplanation], _ checks: Checks
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
                why: verdict.why,
                explainedBy: verdict.status == .failed ? ledger.explaining(check: name) : [])
        }
        var result = Explanation(
            path: capture.path, sample: sample.name, reference: reference.name, verdict: .aligned,
            causes: causes,
            settings: settings, harmless: ledger.harmless, notTested: notTested(ledger), stages: stages,
            checks: results,
            notes: notes, exitCode: 0)
        result.verdict = Self.verdict(of: result)
        result.exitCode = result.verdict.exitCode
        if isStrict, result.verdict == .aligned, !settings.isEmpty { result.exitCode = 1 }
        return result
    }

    private static func verdict(of result: Explanation) -> Explanation.Verdict {
        let captured = result.stages.filter { $0.status != .notCaptured }
        let unexplained =
            result.causes.contains { $0.proof == .none }
            || result.checks.contains { $0.status == .failed && $0.explainedBy.isEmpty }
        let hasJudged = captured.contains { $0.status != .undecided }
        if !hasJudged && result.causes.isEmpty { return .incomparable }
        if unexplained { return .unexplained }
        if !result.causes.isEmpty { return .explained }
        if captured.contains(where: { $0.status == .undecided }) { return .incomparable }
        return .aligned
    }

    private var notes: [String] {
        if case .success(let codec) = runner.codec { return codec.weights.notes }
        return []
    }

    // MARK: What was not tested

    private func notTested(_ ledger: CauseLedger) -> [Explanation.NotTested] {
        Deviation.catalogue.compactMap { deviation in
            guard deviation.kind != .never, !ledger.names({ $0 == deviation.id }) else { return nil }
            let missing = deviation.needs.compactMap { need in lacks(need, in: deviation.stage) }
            guard !missing.isEmpty else { return nil }
            return Explanation.NotTested(id: deviation.id, needs: missing.joined(separator: ", "))
        }
    }

    private func lacks(_ need: Deviation.Need, in stage: Stage) -> String? {
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

extension Deviation.Need {
    /// What to record, in words.
    package var words: String {
        switch self {
        case .input: "the stage's input"
        case .encode: "the codec's encode call"
        case .logits: "the logits of each step"
        case .configuration: "the model's configuration"
        case .weights: "the codec's weights"
        case .golden: "golden tensors of the same inputs"
        case .text: "the text that was to be spoken"
        case .file: "the file that was written"
        case .output: "the stage's output"
        case .log: "what the pipeline printed"
        }
    }
}
