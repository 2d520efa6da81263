public import AlignmentStages
public import AlignmentTensors

/// A request continued from what was recorded, without the defects of its tokens and decode stages.
///
/// Settings stay as they were. What a defect of an earlier stage did to the model's draws is not undone: that needs a
/// new run of the model.
public struct Repair: Sendable {
    /// The request's name.
    public let sample: String
    /// What is repaired, by id, in the order of the report.
    public let ids: [String]
    /// The profile of the repaired pipeline.
    public let profile: Profile
    /// Codes as handed to the codec, [codebook, frame] for each call.
    public let codes: [NDArray<Int64>]
    /// What the codec gives, [sample] at 24 kHz for each call.
    public let waveforms: [[Float]]

    /// The sound of all calls one after the other.
    public var sound: [Float] { waveforms.flatMap { $0 } }

    /// Why there is no repaired sound.
    public struct Impossible: Error, Sendable, CustomStringConvertible {
        /// One clause.
        public let description: String
    }
}

extension ExplainedSample {
    /// The request without the defects of its last two stages.
    ///
    /// - Throws: `Repair.Impossible` where those stages have none, or no sound can be made of what was recorded.
    public func repair() throws(Repair.Impossible) -> Repair {
        let entries = explanation.causes.flatMap { [$0] + $0.consequences }
        let repaired = entries.filter { entry in
            [.tokens, .decode].contains(entry.stage) && entry.kind == .defect
        }
        guard !repaired.isEmpty else {
            throw Repair.Impossible(
                description: explanation.causes.isEmpty
                    ? "nothing is to be repaired"
                    : "no cause lies in the tokens or decode stage; \(explanation.causes[0].id) needs a new run of the model"
            )
        }
        var profile = self.profile
        for stage in [Stage.tokens, .decode] where repaired.contains(where: { $0.stage == stage }) {
            let named = repaired.filter { $0.stage == stage }.map { Deviation.named($0.id) }
            for deviation in named {
                // What has no knobs to turn back is repaired by taking the whole stage from the reference.
                if let deviation, !deviation.knobs.isEmpty {
                    profile = deviation.repaired(in: profile, by: explainer.aligned)
                } else {
                    profile = Knob.all.filter { $0.stage == stage }.reduce(profile) {
                        $1.copied(from: explainer.aligned, to: $0)
                    }
                }
            }
        }
        let (codes, waveforms) = try explainer.continued(under: profile)
        return Repair(
            sample: explanation.sample, ids: repaired.map(\.id), profile: profile, codes: codes,
            waveforms: waveforms)
    }
}

extension SampleExplainer {
    /// Codes and waveforms of the last two stages under a profile, from the earliest of them that was recorded.
    fileprivate func continued(
        under profile: Profile
    ) throws(Repair.Impossible) -> (codes: [NDArray<Int64>], waveforms: [[Float]]) {
        var codes = sample.decode?.facts
        if let streams = sample.tokens?.facts {
            do throws(UpstreamError) {
                codes = try TokensStage.run(streams, under: profile.tokens, model: model)
            } catch { throw Repair.Impossible(description: "upstream raises \(error)") }
        }
        guard let codes, !codes.isEmpty else {
            throw Repair.Impossible(description: "neither streams nor codes were recorded")
        }
        switch runner.finalWaveforms(of: codes, under: profile) {
        case .success(let waveforms): return (codes, waveforms)
        case .failure(let failure): throw Repair.Impossible(description: failure.words)
        }
    }
}
