import AlignmentStages
import AlignmentTensors

/// Finds what a change of profile does to a stage's live output on one capture.
struct EffectJudge {
    let runner: StageRunner
    let model: ModelConfiguration
    let captured: Profile

    /// What the captured profile does against another one, in one stage; nil if the stage was not recorded.
    func effect(in stage: Stage, against other: Profile) -> (effect: Effect, error: UpstreamError?)? {
        if captured.isSame(as: other, in: stage), runner.sample.recorded(stage) != nil { return (.none, nil) }
        guard let with = runner.outcome(of: stage, under: captured),
            let without = runner.outcome(of: stage, under: other)
        else { return nil }
        switch (with, without) {
        case (.raised(let error), .raised(let other)) where error.isSame(as: other): return (.none, nil)
        case (.raised(let error), .raised): return (.changesOutput, error)
        case (.raised(let error), _): return (.raises, error)
        case (_, .raised(let error)): return (.preventsRaise, error)
        case (.notComputed, _), (_, .notComputed): return nil
        case (.fields(let left), .fields(let right)):
            if stage == .generation, redrawsDiffer(against: other) { return (.changesOutput, nil) }
            if left == right || stage == .decode && soundTheSame(left, right) { return (.none, nil) }
            let isLive =
                LiveFields.of(left, stage: stage, model: model)
                != LiveFields.of(right, stage: stage, model: model)
            return (isLive ? .changesOutput : .dead, nil)
        }
    }

    /// Whether sounds differ by no more than binary32 computed in another order.
    private func soundTheSame(_ left: [NamedField], _ right: [NamedField]) -> Bool {
        left.map(\.name) == right.map(\.name)
            && zip(left, right).allSatisfy { left, right in
                guard let ours = left.value.tensor, let theirs = right.value.tensor else {
                    return left.value == right.value
                }
                return TensorKind(left.name).compare(ours, theirs, encoding: runner.encoding).verdict
                    != .differs
            }
    }

    /// Whether repetition-aware sampling under the other profile would have drawn a live cell again that
    /// the captured profile keeps.
    private func redrawsDiffer(against other: Profile) -> Bool {
        guard let facts = runner.sample.generation?.facts else { return false }
        return GenerationStage.redraws(facts, under: other.generation)
            != GenerationStage.redraws(facts, under: captured.generation)
    }
}

extension EffectJudge {
    /// Why a stage gives no output under one of the two profiles.
    func obstacle(in stage: Stage, against other: Profile) -> String? {
        for profile in [captured, other] {
            if case .notComputed(let why)? = runner.outcome(of: stage, under: profile) { return why }
        }
        return runner.sample.recorded(stage) == nil ? "the \(stage.rawValue) stage" : nil
    }

    /// Why a live field has no values under one of the two profiles, so that a difference in it would be missed.
    func hiddenField(in stage: Stage, against other: Profile) -> String? {
        for profile in [captured, other] {
            let fields = runner.outcome(of: stage, under: profile)?.fields ?? []
            for field in LiveFields.of(fields, stage: stage, model: model) {
                if case .notComputed(let why) = field.value { return why }
            }
        }
        return nil
    }
}
