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

    /// What came out as it was recorded.
    var before: Outturn {
        let written = sample.written.compactMap(\.floatSamples)
        let decoded = sample.decode?.captured?.fields.compactMap(\.waveform) ?? []
        let sound = written.isEmpty ? decoded : written
        return Outturn(
            sound: sound.isEmpty ? nil : sound.flatMap { $0 }, codes: runner.codes(under: tokens),
            streams: sample.tokens?.facts ?? sample.generation?.facts.segments)
    }

    /// A run of the model is needed to know more than how it was.
    var recoveryByNewRun: Explanation.Recovery {
        recovery("needs_intervention", before: before, after: nil, golden: nil)
    }

    /// What the sound would be if the last column of streams without EOS were kept.
    var effectOfKeepingLastFrame: (Explanation.Attribution, Explanation.Recovery?) {
        guard let streams = sample.tokens?.facts else { return (.consistent, nil) }
        var (with, without) = (tokens, tokens)
        without.tokens.strip = .first
        with.decode = decode.decode
        without.decode = decode.decode
        return compare(outturn(of: streams, under: with), outturn(of: streams, under: without), .tokens)
    }

    /// What the sound would be without a deviation; without one named, with the whole stage repaired.
    func effect(
        ofRepairing deviation: Deviation?, in stage: Stage
    ) -> (Explanation.Attribution, Explanation.Recovery?) {
        func repaired(_ profile: Profile) -> Profile {
            deviation?.repaired(in: profile, by: aligned) ?? aligned
        }
        if stage == .tokens, let streams = sample.tokens?.facts {
            var (with, without) = (tokens, repaired(tokens))
            with.decode = decode.decode
            without.decode = decode.decode
            return compare(outturn(of: streams, under: with), outturn(of: streams, under: without), stage)
        }
        if stage == .decode, let calls = sample.decode?.facts {
            let replayed = compare(
                outturn(ofDecoding: calls, under: decode),
                outturn(ofDecoding: calls, under: repaired(decode)), stage)
            // The stage's output is the sound, and the effect on it was found already, in the file too. What nothing
            // gives has no repair to run.
            return (deviation == nil ? .consistent : .shown, replayed.1)
        }
        return (.consistent, nil)
    }

    /// What comes out of a pipeline's last two stages.
    struct Outturn {
        /// Samples at full scale 1, all calls one after the other; nil without a sound.
        var sound: [Float]?
        /// Codes as handed to the codec, [codebook, frame].
        var codes: [NDArray<Int64>]?
        /// Delayed streams, [codebook, column].
        var streams: [NDArray<Int64>]?
    }

    private func outturn(
        of streams: [NDArray<Int64>], under profile: Profile
    ) -> Result<Outturn, StageFailure> {
        do throws(UpstreamError) {
            let codes = try TokensStage.run(streams, under: profile.tokens, model: runner.model)
            return runner.finalSound(of: codes, under: profile)
                .map { Outturn(sound: $0, codes: codes, streams: streams) }
        } catch {
            return .failure(StageFailure(.raised(error)))
        }
    }

    private func outturn(
        ofDecoding codes: [NDArray<Int64>], under profile: Profile
    ) -> Result<Outturn, StageFailure> {
        runner.finalSound(of: codes, under: profile).map {
            Outturn(sound: $0, codes: codes, streams: before.streams)
        }
    }

    /// Shown where the sound is another one without the deviation, or is there at all.
    private func compare(
        _ with: Result<Outturn, StageFailure>, _ without: Result<Outturn, StageFailure>, _ stage: Stage
    ) -> (Explanation.Attribution, Explanation.Recovery?) {
        switch without {
        case .failure(let failure):
            return (.consistent, recovery(failure.words, before: before, after: nil, golden: nil))
        case .success(let after):
            let recovery = recovery(
                stage.rawValue, before: before, after: after, golden: goldenSound(of: stage))
            if case .success(let same) = with, same.sound == after.sound { return (.notShown, recovery) }
            return (.shown, recovery)
        }
    }

    private func recovery(
        _ replay: String, before: Outturn, after: Outturn?, golden: [Float]?
    ) -> Explanation.Recovery {
        Explanation.Recovery(
            replay: replay,
            energyBefore: before.sound.map { SoundEnergy($0).acEnergy },
            energyAfter: after?.sound.map { SoundEnergy($0).acEnergy },
            samplesBefore: before.sound?.count, samplesAfter: after?.sound?.count,
            decibels: decibels(before.sound, against: after?.sound),
            eosBefore: eosShare(before), eosAfter: after.flatMap(eosShare),
            diversityBefore: diversity(before), diversityAfter: after.flatMap(diversity),
            goldenDbBefore: decibels(before.sound, against: golden),
            goldenDbAfter: decibels(after?.sound, against: golden))
    }

    // MARK: Figures

    /// The sound of what upstream's own code gave for a stage's input; nil without golden tensors.
    private func goldenSound(of stage: Stage) -> [Float]? {
        switch stage {
        case .decode:
            let waveforms = sample.decode?.golden?.fields.compactMap(\.waveform) ?? []
            return waveforms.isEmpty ? nil : waveforms.flatMap { $0 }
        case .tokens:
            guard let codes = sample.tokens?.golden?.codes, !codes.isEmpty else { return nil }
            return try? runner.finalSound(of: codes, under: aligned).get()
        case .collator, .generation: return nil
        }
    }

    private func decibels(_ sound: [Float]?, against other: [Float]?) -> Double? {
        guard let sound, let other, sound.count == other.count, !sound.isEmpty else { return nil }
        return TensorComparison(
            .float32(NDArray(vector: sound)), .float32(NDArray(vector: other)), tolerance: .waveform,
            axes: ["sample"]
        ).figures?.snrDb
    }

    private func eosShare(_ outturn: Outturn) -> Double? {
        guard let streams = outturn.streams, !streams.isEmpty else { return nil }
        let met = streams.count { StreamEnds($0, model: runner.model)?.endsInEos == true }
        return Double(met) / Double(streams.count)
    }

    private func diversity(_ outturn: Outturn) -> Double? {
        outturn.codes?.compactMap {
            TokenDiversity($0, codebookSize: runner.model.audioCodebookSize)?.distinctShare
        }.min()
    }
}
