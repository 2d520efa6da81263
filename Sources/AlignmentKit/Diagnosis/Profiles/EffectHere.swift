import AlignmentJSON
public import AlignmentStages

/// What turning one knob does on one request.
public struct EffectHere: Sendable, Equatable, Codable {
    /// The request.
    public var sample: String
    /// What it does; nil if that could not be decided.
    public var effect: Effect?
    /// What is raised with the first value, or with the second.
    public var error: UpstreamError?
    /// What would decide it.
    public var needs: String?

    /// Turns a knob of the judge's profile to its value in another one.
    init(of knob: Knob, turnedAs other: Profile, _ judge: EffectJudge) {
        sample = judge.runner.sample.name
        let turned = knob.copied(from: other, to: judge.captured)
        needs = Self.needs(for: knob, turned, judge)
        guard needs == nil, let found = judge.effect(in: knob.stage, against: turned) else {
            if needs == nil { needs = judge.obstacle(in: knob.stage, against: turned) }
            return
        }
        (effect, error) = found
        guard found.effect.isHarmless else { return }
        needs = judge.hiddenField(in: knob.stage, against: turned)
        if needs == nil, Self.isLeftToNewRun(knob, turned, judge) { needs = "a new run of the model" }
        if needs != nil { effect = nil }
    }

    /// Whether a run under the other value could go on where the recorded one stopped, or draw other tokens.
    private static func isLeftToNewRun(_ knob: Knob, _ turned: Profile, _ judge: EffectJudge) -> Bool {
        guard let rule = KnobEffect.effect(of: knob), rule.scene == .newRun,
            rule.judgement(judge.captured, turned).reach != .never
        else { return false }
        // The limit enters nothing but the end.
        guard knob.key == "generation.max_new_tokens", let stop = judge.runner.sample.stop,
            let steps = stop["steps"]?.int, stop["reason"] != .string("limit"),
            let limit = judge.captured.generation.maxNewTokens, let other = turned.generation.maxNewTokens
        else { return true }
        return min(limit, other) < steps
    }

    /// What the capture lacks, before anything is run.
    private static func needs(for knob: Knob, _ turned: Profile, _ judge: EffectJudge) -> String? {
        let sample = judge.runner.sample
        guard sample.recorded(knob.stage) != nil else { return "the \(knob.stage.rawValue) stage" }
        guard let rule = KnobEffect.effect(of: knob) else { return nil }
        if rule.judgement(judge.captured, turned).reach == .never { return nil }
        switch rule.scene {
        case .output, .newRun: return nil
        case .scores: return sample.generation?.facts.logits == nil ? "generation/input/audio_logits" : nil
        case .file: return "a file written anew"
        }
    }
}
