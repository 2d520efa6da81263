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
        var (with, without) = (decode, decode)
        with.tokens = tokens.tokens
        without.tokens = tokens.tokens
        without.tokens.strip = .first
        return compare(
            with: runner.sound(of: streams, under: with), without: runner.sound(of: streams, under: without),
            .tokens)
    }

    /// What the sound would be without a deviation; without one named, with the whole stage repaired.
    func effect(
        ofRepairing deviation: Deviation?, in stage: Stage
    ) -> (Explanation.Attribution, Explanation.Recovery?) {
        func repaired(_ profile: Profile) -> Profile {
            deviation?.repaired(in: profile, by: aligned) ?? aligned
        }
        if stage == .tokens, let streams = sample.tokens?.facts {
            var (with, without) = (decode, decode)
            with.tokens = tokens.tokens
            without.tokens = repaired(tokens).tokens
            return compare(
                with: runner.sound(of: streams, under: with),
                without: runner.sound(of: streams, under: without), stage)
        }
        if stage == .decode, let calls = sample.decode?.facts {
            let replayed = compare(
                with: runner.finalSound(of: calls, under: decode),
                without: runner.finalSound(of: calls, under: repaired(decode)), stage)
            // The stage's output is the sound, and the effect on it was found already, in the file too. What nothing
            // gives has no repair to run.
            return (deviation == nil ? .consistent : .shown, replayed.1)
        }
        return (.consistent, nil)
    }

    /// Shown where the sound is another one without the deviation, or is there at all.
    private func compare(
        with: Result<[Float], StageFailure>, without: Result<[Float], StageFailure>, _ stage: Stage
    ) -> (Explanation.Attribution, Explanation.Recovery?) {
        let before = recorded
        var recovery = Explanation.Recovery(
            replay: stage.rawValue, energyBefore: energyBefore, samplesBefore: before?.count)
        switch without {
        case .failure(let failure):
            recovery.replay = failure.words
            return (.consistent, recovery)
        case .success(let after):
            recovery.energyAfter = SoundEnergy(after).acEnergy
            recovery.samplesAfter = after.count
            if let before, before.count == after.count {
                let (left, right) = (NDArray(vector: before), NDArray(vector: after))
                recovery.decibels =
                    TensorComparison(.float32(left), .float32(right), tolerance: .waveform, axes: ["sample"])
                    .figures?
                    .snrDb
            }
            if case .success(let same) = with, same == after { return (.notShown, recovery) }
            return (.shown, recovery)
        }
    }
}
