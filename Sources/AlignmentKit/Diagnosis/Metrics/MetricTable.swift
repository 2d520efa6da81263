import AlignmentStages
import AlignmentTensors

/// Fills the story's four rows for one request.
struct MetricTable {
    let sample: SampleCapture
    let checks: Checks
    let deviations: [DeviationRun]
    let declared: Set<String>
    let judge: EffectJudge
    let aligned: Profile
    let model: ModelConfiguration
    let alignedSound: Result<[Float], StageFailure>?
    /// The aligned path needs tokens that only a new run of the model gives.
    let needsNewRun: Bool

    var rows: [SuccessMetric] { [energy, eos, alignment, quality] }

    private var energy: SuccessMetric {
        let energy = checks.energy.details.energy?.acEnergy
        return SuccessMetric(
            metric: "Audio energy", target: "> 1e-6",
            current: energy.map { .figure($0) } ?? .notComputed("no waveform captured"),
            aligned: alignedEnergy, validationMethod: "waveform analysis",
            status: energy.map { $0 > SoundLevel.gate ? .met : .missed } ?? .notComputed)
    }

    private var alignedEnergy: SuccessMetric.Reading {
        if needsNewRun { return .needsIntervention }
        return switch alignedSound {
        case .success(let samples)?: .figure(SoundEnergy(samples).acEnergy)
        case .failure(let failure)?: .notComputed(failure.words)
        case nil: .notComputed("no tokens captured")
        }
    }

    private var eos: SuccessMetric {
        let verdict = checks.eos.verdict
        let reading =
            verdict.value.map { SuccessMetric.Reading.figure($0) } ?? .notComputed("no tokens captured")
        return SuccessMetric(
            metric: "EOS token presence", target: "100 %", current: reading,
            aligned: needsNewRun ? .needsIntervention : reading,
            validationMethod: "token sequence validation",
            status: verdict.value == nil ? .notComputed : verdict.status == .passed ? .met : .missed)
    }

    private var alignment: SuccessMetric {
        let knobs = Knob.all.filter { declared.contains($0.key) }
        let judged = knobs.compactMap { knob in
            judge.effect(in: knob.stage, against: knob.copied(from: aligned, to: judge.captured))?.effect
        }
        let same = knobs.count { $0.value(judge.captured) == $0.value(aligned) }
        let hasDefect = deviations.contains {
            $0.kind == .defect && ($0.effectHere == .changesOutput || $0.effectHere == .raises)
        }
        var metric = SuccessMetric(
            metric: SuccessMetric.alignmentName, target: "100 %", current: .notComputed("no knob to judge"),
            aligned: .notComputed("no knob to judge"), validationMethod: "recomputation of each stage",
            status: .notComputed)
        guard !judged.isEmpty else { return metric }
        let harmless = judged.count(where: \.isHarmless)
        metric.current = .figure(Double(harmless) / Double(judged.count))
        metric.aligned = .figure(1)
        metric.status = hasDefect ? .missed : .met
        metric.why =
            "\(harmless) of \(judged.count) knobs without effect here; "
            + "\(same) of \(knobs.count) configured as the reference"
            + (harmless < judged.count && !hasDefect ? "; only settings differ" : "")
        return metric
    }

    private var quality: SuccessMetric {
        SuccessMetric(
            metric: "Generation quality", target: "audible speech", current: .notRated, aligned: .notRated,
            validationMethod: "human evaluation", status: .notRated)
    }
}

extension StageFailure {
    /// The reason in words.
    var words: String {
        switch outcome {
        case .raised(let error): "raises \(error.type)"
        case .notComputed(let why): why
        case .fields: "no sound"
        }
    }
}
