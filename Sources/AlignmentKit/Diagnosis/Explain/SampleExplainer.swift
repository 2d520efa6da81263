public import AlignmentCodec
public import AlignmentStages
import AlignmentComparison
import AlignmentTensors

/// Explains one request: every stage from its own facts, what the facts show that both paths share, and what a repair
/// would give.
public struct SampleExplainer {
    let capture: Capture
    let sample: SampleCapture
    let model: ModelConfiguration
    let reference: ExplanationReference
    let aligned: Profile
    let current: CapturedProfile
    let runner: StageRunner
    let evidence: ConditioningEvidence
    let isStrict: Bool
    /// The checks of what the pipeline did.
    let checks: Checks

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
        checks =
            CheckRunner(
                sample: sample, model: capture.model, profile: current.profile,
                codes: runner.codes(under: current.profile)
            ).checks
    }

    /// The whole explanation.
    ///
    /// - Parameter draws: what the draws say where no scores were recorded; nil weighs those of this request alone.
    public func explain(_ draws: DrawEvidence? = nil) -> ExplainedSample {
        let found = Stage.allCases.map(explain)
        var ledger = CauseLedger()
        for stage in found { enter(stage, into: &ledger) }
        enterFacts(found, draws ?? drawEvidence, into: &ledger)
        attribute(&ledger, found)
        ledger.update { $0.site = site(of: $0) }
        let profile = found.reduce(current.profile) { profile, stage in
            let reproducing = stage.reproducing ?? current.profile
            return Knob.all.filter { $0.stage == stage.stage }.reduce(profile) {
                $1.copied(from: reproducing, to: $0)
            }
        }
        return ExplainedSample(
            explanation: verdict(ledger, found), profile: profile, explainer: self, stages: found)
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
        if let error = captured.error, error.isInterruption {
            return StageExplanation(
                stage: .generation, status: .undecided,
                why: "\(error.message), so what it would have given is not known")
        }
        if captured.error != nil {
            return StageExplanation(
                stage: .generation, status: .raised, why: captured.error?.description ?? "",
                unexplained: ["generate raised \(captured.error?.description ?? "")"])
        }
        var explanation = explainScores(captured)
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

    private func explainScores(_ captured: Outcome) -> StageExplanation {
        var sampler = explainer(.generation, captured)
        sampler.fields = ["scores"]
        var explanation = sampler.explain()
        explanation.ignoresParameters =
            explanation.proof == .searched
            && explanation.members.contains {
                $0.deviation.knobs.contains { current.declared.contains($0.key) }
            }
        if explanation.status == .innocent, scoresContradictDeclared(captured) {
            // The reference's parameters acted where others are declared.
            explanation.ignoresParameters = true
            explanation.members = (explanation.members + explanation.harmless).filter {
                Self.parameters.contains($0.deviation.id)
            }
            explanation.reproducing = aligned
        }
        return explanation
    }

    /// Deviations by parameters that scores show.
    static let parameters: Set<String> = [
        "generation.temperature", "generation.top-p", "generation.top-k", "generation.do-sample",
    ]

    /// Whether recorded scores are others than those of the declared parameters.
    private func scoresContradictDeclared(_ captured: Outcome) -> Bool {
        guard let scores = captured["scores"], scores.tensor != nil,
            Deviation.declarable.contains(where: {
                Self.parameters.contains($0.id) && $0.isPresent(in: current.profile, against: aligned)
                    && $0.knobs.contains { current.declared.contains($0.key) }
            }), let own = runner.outcome(of: .generation, under: current.profile)?["scores"],
            own.tensor != nil
        else { return false }
        func outcome(_ value: FieldValue) -> Outcome { .fields([NamedField("scores", value)]) }
        return !StageMatch(stage: .generation, model: model, captured: outcome(scores), encoding: nil)
            .agreement(with: outcome(own)).isSame
    }

    /// What explains the recorded scores; nil where the stage, or its output, was not recorded.
    var scoresExplanation: StageExplanation? {
        guard let captured = sample.recorded(.generation)?.captured, captured.error == nil else { return nil }
        return explainScores(captured)
    }

    /// The reference with the delay machine of the stack whose batch was recorded.
    private var machineProfile: Profile {
        var profile = aligned
        profile.generation.delayMachine = current.profile.generation.delayMachine
        return profile
    }
}
