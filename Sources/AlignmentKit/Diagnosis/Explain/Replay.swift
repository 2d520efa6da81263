import AlignmentComparison
import AlignmentStages
import AlignmentTensors

/// Runs the rest of the pipeline again with a deviation of the tokens or decode stage repaired.
struct Replay {
    let sample: SampleCapture
    let runner: StageRunner
    let aligned: Profile
    /// The profile that reproduces the tokens stage.
    let tokens: Profile
    /// The profile that reproduces the decode stage.
    let decode: Profile

    private var recorded: [Float]? {
        let written = sample.written.compactMap(\.floatSamples)
        if !written.isEmpty { return written.flatMap { $0 } }
        let decoded = sample.decode?.captured?.fields.compactMap(\.waveform) ?? []
        return decoded.isEmpty ? nil : decoded.flatMap { $0 }
    }

    /// AC energy of the recorded sound.
    var energyBefore: Double? { recorded.map { SoundEnergy($0).acEnergy } }

    /// What the sound would be if the last column of streams without EOS were kept.
    var effectOfKeepingLastFrame: (Explanation.Attribution, Explanation.Recovery?) {
        guard let streams = sample.tokens?.facts else { return (.consistent, nil) }
        var profile = decode
        profile.tokens = tokens.tokens
        profile.tokens.strip = .first
        return compare(runner.sound(of: streams, under: profile), .tokens)
    }

    /// What the sound would be without a deviation; without one named, with the whole stage repaired.
    func effect(
        ofRepairing deviation: Deviation?, in stage: Stage
    ) -> (Explanation.Attribution, Explanation.Recovery?) {
        let result: Result<[Float], StageFailure>
        if stage == .tokens, let streams = sample.tokens?.facts {
            var profile = decode
            let repaired = deviation.map { $0.repaired(in: tokens, by: aligned) } ?? aligned
            profile.tokens = repaired.tokens
            result = runner.sound(of: streams, under: profile)
        } else if stage == .decode, let calls = sample.decode?.facts {
            let repaired = deviation.map { $0.repaired(in: decode, by: aligned) } ?? aligned
            result = runner.finalSound(of: calls, under: repaired)
        } else {
            return (.consistent, nil)
        }
        return compare(result, stage)
    }

    private func compare(
        _ result: Result<[Float], StageFailure>, _ stage: Stage
    ) -> (Explanation.Attribution, Explanation.Recovery?) {
        let before = recorded
        var recovery = Explanation.Recovery(
            replay: stage.rawValue, energyBefore: before.map { SoundEnergy($0).acEnergy },
            samplesBefore: before?.count)
        guard case .success(let after) = result else {
            if case .failure(let failure) = result { recovery.replay = failure.words }
            return (.consistent, recovery)
        }
        recovery.energyAfter = SoundEnergy(after).acEnergy
        recovery.samplesAfter = after.count
        guard let before else { return (.shown, recovery) }
        if before.count == after.count {
            let figures = TensorComparison(
                .float32(NDArray(vector: before)), .float32(NDArray(vector: after)), tolerance: .waveform,
                axes: ["sample"]
            ).figures
            recovery.decibels = figures?.snrDb
        }
        return (.shown, recovery)
    }
}
