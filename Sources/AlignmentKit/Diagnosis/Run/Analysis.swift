public import AlignmentCodec
public import AlignmentStages
import AlignmentComparison
import AlignmentJSON
import AlignmentTensors

/// Runs one request through all stages down both paths.
public struct Analysis: Sendable {
    private let path: String
    private let sample: SampleCapture
    private let model: ModelConfiguration
    private let reference: ProfileDescription
    private let runner: StageRunner
    private let aligned: Profile
    private let current: CapturedProfile
    private let isStrict: Bool
    private let named: ProfileDescription?

    /// Prepares a request of a capture.
    ///
    /// - Parameters:
    ///   - reference: the profile of the aligned path.
    ///   - profile: the profile of the current path in place of the captured one; how the sample was built is
    ///     read from the recorded sample all the same.
    ///   - codec: the codec that decoded, or why there is none.
    ///   - isStrict: settings that have an effect count as failures.
    public init(
        _ sample: SampleCapture, of capture: Capture, reference: ProfileDescription,
        profile: ProfileDescription? = nil, codec: Result<CodecFamily, MissingCodec>, isStrict: Bool
    ) {
        path = capture.path
        self.sample = sample
        model = capture.model
        self.reference = reference
        self.isStrict = isStrict
        runner = StageRunner(sample: sample, model: capture.model, codec: codec)
        aligned = reference.resolved(for: capture.model)
        named = profile
        let declared =
            profile.map { CapturedProfile($0.resolved(for: capture.model)) }
            ?? CapturedProfile(sample.profile, on: aligned)
        current = declared.observing(sample, reference: aligned, model: capture.model)
    }

    /// The whole analysis.
    public func run() -> SampleRun {
        let stages = Stage.allCases.map(stageRun)
        let deviations = self.deviations
        let checks = CheckRunner(
            sample: sample, model: model, profile: current.profile,
            codes: runner.codes(under: current.profile)
        ).checks
        let notComputed = stages.flatMap { stage in
            stage.tensors.filter { $0.status == .notComputed }.map {
                "\(stage.stage.rawValue)/\($0.name): \($0.why ?? "no reason was given")"
            }
        }
        let metrics = MetricTable(
            sample: sample, checks: checks, deviations: deviations, declared: current.declared,
            judge: judge, aligned: aligned, model: model, alignedSound: alignedSound,
            needsNewRun: needsNewRun(deviations)
        ).rows
        var run = SampleRun(
            path: path, sample: sample.name, reference: reference.name, profile: named?.name, stages: stages,
            conditioning: runner.conditioning(current: current.profile, aligned: aligned),
            deviations: deviations, checks: checks, successMetrics: metrics,
            notComputed: notComputed,
            notes: notes, exitCode: 0)
        run.exitCode = exitCode(of: run)
        return run
    }

    /// Samples a second of the codec's sound.
    public static let sampleRate = 24_000

    /// Which path.
    public enum Side: Sendable {
        /// As the pipeline was set.
        case current
        /// As the reference is.
        case aligned
    }

    /// The sound of one path, made of the delayed streams as they were drawn, mono at `sampleRate`.
    ///
    /// - Throws: `NoSound` if the capture has no tokens, a stage raises, or there is no codec.
    public func sound(_ side: Side) throws(NoSound) -> [Float] {
        guard let streams = sample.tokens?.facts else { throw NoSound(reason: "it holds no audio tokens") }
        switch runner.sound(of: streams, under: side == .current ? current.profile : aligned) {
        case .success(let samples): return samples
        case .failure(let failure): throw NoSound(reason: failure.words)
        }
    }

    /// The sound as the codec gave it when the capture was made, mono at `sampleRate`; nil if that was not recorded.
    public var capturedSound: [Float]? {
        let waveforms = sample.decode?.captured?.fields.compactMap(\.waveform) ?? []
        return waveforms.isEmpty ? nil : waveforms.flatMap { $0 }
    }

    /// The tokens as they were drawn and as both paths hand them to the codec; nil for a capture without tokens.
    public var tokenGrid: TokenGrid? {
        guard let streams = sample.tokens?.facts, !streams.isEmpty else { return nil }
        let captured = sample.tokens?.captured ?? runner.outcome(of: .tokens, under: current.profile)
        let reference = runner.outcome(of: .tokens, under: aligned)
        return TokenGrid(
            drawn: streams, current: captured.flatMap { $0.codes.isEmpty ? nil : $0.codes },
            aligned: reference.flatMap { $0.codes.isEmpty ? nil : $0.codes }, model: model)
    }

    private var judge: EffectJudge {
        EffectJudge(runner: runner, model: model, captured: current.profile)
    }

    private var alignedSound: Result<[Float], StageFailure>? {
        sample.tokens.map { runner.sound(of: $0.facts, under: aligned) }
    }

    /// Whether the aligned path asks for tokens that only a new run of the model could give.
    private func needsNewRun(_ deviations: [DeviationRun]) -> Bool {
        deviations.contains {
            ($0.stage == .collator || $0.stage == .generation) && !$0.effectHere.isHarmless
        }
    }

    // MARK: Stages

    private func stageRun(_ stage: Stage) -> StageRun {
        let recorded = sample.recorded(stage)
        guard let currentOutcome = runner.outcome(of: stage, under: current.profile),
            let alignedOutcome = runner.outcome(of: stage, under: aligned), let recorded
        else {
            return StageRun(stage: stage, status: .absent, why: "not in the capture", tensors: [])
        }
        var comparison = StageComparison(
            stage: stage, model: model, captured: recorded.captured, golden: recorded.golden,
            current: currentOutcome, aligned: alignedOutcome)
        if stage == .decode {
            comparison.encoding = runner.encoding
            if current.profile.decode.dtype != .float32 {
                var exact = current.profile
                exact.decode.dtype = .float32
                comparison.currentInFloat32 = runner.outcome(of: .decode, under: exact)
            }
        }
        return comparison.run
    }

    // MARK: Deviations

    private var deviations: [DeviationRun] {
        Deviation.catalogue.compactMap { deviation in
            guard deviation.isPresent(in: current.profile, against: aligned),
                let (effect, error) = judge.effect(
                    in: deviation.stage, against: deviation.repaired(in: current.profile, by: aligned))
            else { return nil }
            return DeviationRun(
                id: deviation.id, kind: deviation.kind, stage: deviation.stage, clause: deviation.clause,
                effectHere: effect, error: error, fix: deviation.fix,
                knobs: deviation.knobs.compactMap(difference))
        }
    }

    private func difference(_ knob: Knob) -> KnobDifference? {
        let (here, there) = (knob.value(current.profile), knob.value(aligned))
        guard here != there else { return nil }
        return KnobDifference(key: knob.key, captured: here.compactText, reference: there.compactText)
    }

    // MARK: Notes and exit code

    private var notes: [String] {
        var notes: [String] = []
        if let role = sample.role, role.arm == .repaired {
            notes.append(
                role.applied.isEmpty
                    ? "This request ran with a repair that changed nothing."
                    : "This request ran with \(role.applied.joined(separator: ", ")) repaired live.")
        }
        let unseen = Knob.all.filter {
            sample.recorded($0.stage) != nil && !current.declared.contains($0.key) && !$0.isFault
                // It acts on chunks alone.
                && !($0.key == "decode.chunk_context" && current.profile.decode.chunkFrames == nil)
        }
        if let named {
            notes += namedNotes(named)
        } else if sample.profile == nil {
            notes.append("The capture declares no profile; the current path takes the reference's values.")
        } else if !unseen.isEmpty {
            notes.append(
                "Not seen in the capture, so the current path takes the reference's value: "
                    + unseen.map(\.key).joined(separator: ", ") + ".")
        }
        let unknown = current.unknown.filter { CapturedProfile.recordedOnly[$0] == nil }
        if !unknown.isEmpty {
            notes.append("Not known to this version: " + unknown.joined(separator: ", ") + ".")
        }
        if !current.notUnderstood.isEmpty {
            notes.append(
                "Declared with a value that is none of the knob's, so the reference's stands: "
                    + current.notUnderstood.joined(separator: ", ") + ".")
        }
        if case .success(let codec) = runner.codec { notes += codec.weights.notes }
        return notes
    }

    /// What a profile that took the captured one's place says, and where the recorded sample says otherwise.
    private func namedNotes(_ named: ProfileDescription) -> [String] {
        let said = named.resolved(for: model)
        let otherwise = Knob.all.filter { $0.value(said) != $0.value(current.profile) }
        var notes = ["The current path runs under the profile \(named.name), not under the captured one."]
        if !otherwise.isEmpty {
            notes.append(
                "The recorded sample was built otherwise than \(named.name) says, and is taken as it is: "
                    + otherwise.map { "\($0.key) \($0.value(current.profile).compactText)" }
                    .joined(separator: ", ") + ".")
        }
        return notes
    }

    private func exitCode(of run: SampleRun) -> Int {
        let tensors = run.stages.flatMap(\.tensors)
        let comparisons = tensors.flatMap { [$0.capturedVsCurrent, $0.alignedVsGolden, $0.currentVsAligned] }
        let hasRaised = run.stages.contains { $0.raised != nil }
        if !run.notComputed.isEmpty || run.stages.contains(where: { $0.status == .notComputed }) { return 2 }
        if comparisons.allSatisfy({ $0 == nil }) && !hasRaised { return 2 }
        let hasMismatch = tensors.contains {
            $0.capturedVsCurrent?.verdict == .differs || $0.alignedVsGolden?.verdict == .differs
        }
        let hasFault = run.deviations.contains { deviation in
            guard deviation.effectHere == .changesOutput || deviation.effectHere == .raises else {
                return false
            }
            return isStrict || deviation.kind == .defect
        }
        let hasFailedCheck = run.checks.verdicts.contains { $0.verdict.status == .failed }
        let isBroken = run.stages.contains { stage in
            guard let raised = stage.raised else { return false }
            return raised.captured != nil || raised.current != nil || raised.isUnexpected
        }
        return hasMismatch || hasFault || hasFailedCheck || isBroken ? 1 : 0
    }
}

/// Why a request has no sound on a path.
public struct NoSound: Error, Sendable, CustomStringConvertible {
    /// One clause.
    public let reason: String
    /// One clause.
    public var description: String { reason }
}
