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

    private static let newRun = "needs a new run of the model"

    private var energy: SuccessMetric {
        let row = { (current, aligned, status) in
            SuccessMetric(
                metric: "Audio energy", target: "> 1e-6", current: current, aligned: aligned,
                validationMethod: "waveform analysis", status: status)
        }
        let alignedReading: SuccessMetric.Reading
        if needsNewRun {
            alignedReading = .none(Self.newRun)
        } else {
            switch alignedSound {
            case .success(let samples)?:
                let value = SoundEnergy(samples).acEnergy
                alignedReading = .figure(value, number(value))
            case .failure(let failure)?: alignedReading = .none(failure.words)
            case nil: alignedReading = .none("no tokens captured")
            }
        }
        guard let value = checks.energy.energy?.acEnergy else {
            return row(.none("no waveform captured"), alignedReading, .notComputed)
        }
        return row(.figure(value, number(value)), alignedReading, value > SoundEnergy.gate ? .met : .missed)
    }

    private var eos: SuccessMetric {
        let verdict = checks.eos.verdict
        let reading = verdict.value.map { SuccessMetric.Reading.figure($0, percent($0)) }
        return SuccessMetric(
            metric: "EOS token presence", target: "100 %", current: reading ?? .none("no tokens captured"),
            aligned: needsNewRun ? .none(Self.newRun) : reading ?? .none("no tokens captured"),
            validationMethod: "token sequence validation",
            status: reading == nil ? .notComputed : verdict.status == .passed ? .met : .missed)
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
        guard !judged.isEmpty else {
            return SuccessMetric(
                metric: "Pipeline alignment", target: "100 %", current: .none("no knob to judge"),
                aligned: .none("no knob to judge"), validationMethod: "recomputation of each stage",
                status: .notComputed)
        }
        let share = Double(judged.count(where: \.isHarmless)) / Double(judged.count)
        return SuccessMetric(
            metric: "Pipeline alignment", target: "100 %", current: .figure(share, percent(share)),
            aligned: .figure(1, "100 %"), validationMethod: "recomputation of each stage",
            status: hasDefect ? .missed : .met,
            why: "\(judged.count(where: \.isHarmless)) of \(judged.count) knobs without effect here; "
                + "\(same) of \(knobs.count) configured as the reference"
                + (share < 1 && !hasDefect ? "; only settings differ" : ""))
    }

    private var quality: SuccessMetric {
        SuccessMetric(
            metric: "Generation quality", target: "audible speech", current: .none("not rated"),
            aligned: .none("not rated"), validationMethod: "human evaluation", status: .notRated)
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
