import AlignmentStages
import AlignmentWording
import Foundation

/// Examines what the sampler of one request did, from its logits, its scores and its draws.
struct SamplerExaminer {
    let sample: SampleCapture
    let path: String
    let model: ModelConfiguration
    let current: CapturedProfile
    let aligned: Profile
    /// What explains the generation stage's scores; nil where the stage was not recorded.
    let explained: StageExplanation?
    /// Probability of contradicting a setting that acted, at most.
    let level: Double

    /// Knobs that make a setting.
    static let knobs = [
        "generation.do_sample", "generation.temperature", "generation.top_k", "generation.top_p",
        "generation.ras_win_len", "generation.ras_win_max_num_repeat",
    ]

    private var declared: SamplerSetting { SamplerSetting(current.profile.generation) }

    /// The rules of repetition that are told apart: none, upstream's and the declared one.
    private var rules: [RepetitionRule?] {
        let others = [declared.repetition, SamplerSetting(aligned.generation).repetition].compactMap(\.self)
        return [nil, .upstream] + Set(others).subtracting([.upstream]).sorted { $0.window < $1.window }
    }

    /// The stream with its logits; nil where none were recorded, or the declared setting is none.
    private var stream: RecordedStream? {
        guard let facts = sample.generation?.facts, declared.temperature ?? 1 > 0 else { return nil }
        let stream = RecordedStream(facts, under: current.profile.generation, rules: rules)
        return stream.flatMap { $0.cells.isEmpty ? nil : $0 }
    }

    /// The draws' likelihood under all settings, for what is said of this request alone or of several together.
    func weighed() -> WeighedDraws? {
        guard let stream else { return nil }
        let grid = SettingGrid(around: declared, rules: rules)
        return WeighedDraws(
            declared: declared, declaredKnobs: Self.knobs.filter(current.declared.contains),
            rules: grid.rules, likelihood: stream.likelihood(under: grid),
            declaredLikelihood: stream.likelihood(under: SettingGrid(declared)))
    }

    func examine(_ weighed: WeighedDraws?) -> SamplerFindings {
        let scores = scoreFinding
        var findings = SamplerFindings(
            path: path, sample: sample.name, verdict: .undecided, why: "", level: level,
            steps: sample.generation?.facts.stepCount ?? 0, draws: 0, skippedDraws: 0, logits: recordedLogits,
            losses: losses, declared: declared,
            undeclared: Self.knobs.filter { !current.declared.contains($0) }, scores: scores,
            impossibleDraws: impossible, acting: declared, alternatives: [], trace: [])
        guard let stream, let weighed else {
            judge(&findings)
            return findings
        }
        let evidence = weighed.evidence
        findings.draws = stream.kept.count
        findings.skippedDraws = stream.skipped
        findings.evidenceAgainstDeclared = weighed.againstDeclared
        findings.region = evidence.region(level: 0.05, around: declared)
        findings.widestRegion = evidence.region(level: level, around: declared)
        findings.best = evidence.best
        judge(&findings)
        findings.acting =
            switch scores.status {
            case .other, .undeclared: scores.setting ?? declared
            case _ where findings.verdict == .contradicted: evidence.best ?? declared
            default: declared
            }
        findings.repetition = (findings.acting.repetition ?? rules.compactMap(\.self).first).map {
            RepetitionTest(findings.acting, rule: $0, level: level, on: stream)
        }
        findings.alternatives = alternatives(to: findings.acting, evidence, on: stream)
        findings.trace = StepTrace.steps(
            of: stream, under: findings.acting, eos: current.profile.generation.audioStreamEOS)
        findings.end = EndTrace(findings.trace, endedInEOS: endedInEOS, spokenFrames: sample.spokenFrames)
        return findings
    }

    // MARK: Verdict

    private func judge(_ findings: inout SamplerFindings) {
        let ruled = findings.evidenceAgainstDeclared.map { $0 >= log(1 / level) } ?? false
        switch findings.scores.status {
        case .other, .unexplained:
            findings.verdict = .contradicted
            findings.why = findings.scores.why
        case _ where !findings.impossibleDraws.isEmpty && findings.undeclared.isEmpty:
            findings.verdict = .contradicted
            findings.why =
                "\(counted(findings.impossibleDraws.count, "token")) could not be drawn under the declared parameters"
        case _ where ruled:
            findings.verdict = .contradicted
            findings.why =
                "the \(findings.draws) draws are \(WeighedDraws.odds(findings.evidenceAgainstDeclared ?? 0)) times likelier "
                + "under other parameters than under the declared ones"
        case .declared, .undeclared:
            findings.verdict = .consistent
            findings.why = findings.scores.why
        case _ where findings.draws > 0:
            findings.verdict = .consistent
            findings.why =
                findings.undeclared == Self.knobs
                ? "the capture declares no parameters that its \(findings.draws) draws could contradict"
                : "the \(findings.draws) draws do not contradict the declared parameters"
        default:
            findings.verdict = .undecided
            findings.why =
                sample.generation == nil
                ? "the generation stage was not recorded" : "no logits of live cells were recorded"
        }
    }

    private var impossible: [DrawnCell] {
        guard let facts = sample.generation?.facts else { return [] }
        return GenerationStage.impossibleDraws(facts, under: current.profile.generation) ?? []
    }

    private var scoreFinding: SamplerFindings.ScoreFinding {
        typealias Finding = SamplerFindings.ScoreFinding
        guard sample.generation?.captured?["scores"]?.tensor != nil, sample.generation?.facts.logits != nil,
            let explained, explained.status != .undecided
        else {
            return Finding(
                status: .notRecorded, setting: nil, why: "no scores were recorded beside all logits")
        }
        guard let profile = explained.reproducing else {
            return Finding(
                status: .unexplained, setting: nil,
                why: "neither the declared parameters nor any others that were tried give the recorded scores"
            )
        }
        var setting = SamplerSetting(profile.generation)
        setting.repetition = declared.repetition
        if explained.ignoresParameters {
            return Finding(
                status: .other, setting: setting,
                why: "the recorded scores are those of other parameters than the declared ones")
        }
        return setting == declared
            ? Finding(
                status: .declared, setting: setting, why: "the declared parameters give the recorded scores")
            : Finding(
                status: .undeclared, setting: setting,
                why: "the recorded scores are those of parameters that the capture does not declare")
    }

    private var endedInEOS: Bool {
        let streams = sample.generation?.facts.segments ?? []
        return streams.last.flatMap { StreamEnds($0, model: model) }?.endsInEos ?? false
    }

    // MARK: What was recorded

    private var recordedLogits: SamplerFindings.RecordedLogits {
        guard let facts = sample.generation?.facts else { return .none }
        if facts.logits != nil { return .full }
        return facts.top.map { .top($0.ids.shape[2]) } ?? .none
    }

    private var losses: [String] {
        switch recordedLogits {
        case .full: []
        case .none:
            [
                "without logits nothing can be said of temperature, top_k, top_p, repetition-aware sampling or P(EOS)"
            ]
        case .top(let count):
            [
                "scores cannot be recomputed from \(count) logits a row",
                "a temperature other than 1 is known within the bounds of what the other ids can weigh: it takes more draws to exclude one",
                "a top_k above \(count), and a nucleus that reaches beyond \(count) ids, exclude no draw",
                "an id outside the \(count) counts as possible where the cut may lie below it; of repeats only those inside are known exactly",
                "P(EOS) is an upper bound, and its rank unknown, where EOS is not among the \(count)",
                "entropy takes the other ids together as one",
            ]
        }
    }

    // MARK: Other settings

    private func alternatives(
        to acting: SamplerSetting, _ evidence: SamplerEvidence, on stream: RecordedStream
    ) -> [SamplerFindings.Alternative] {
        let grid = evidence.grid
        let weight = grid.place(of: acting).map { grid.logWeights[$0] } ?? -log(Double(grid.count))
        return others(than: acting).map { name, setting in
            let against = evidence.against(stream.likelihood(under: SettingGrid(setting)).upper[0])
            let needed = Separation(of: acting, from: setting, on: stream).draws(level: level, weight: weight)
            return SamplerFindings.Alternative(
                name: name, setting: setting, evidenceAgainst: against,
                isExcluded: against >= log(1 / level), drawsNeeded: needed,
                stepsNeeded: needed.map(stream.steps))
        }
    }

    private func others(than acting: SamplerSetting) -> [(String, SamplerSetting)] {
        func changed(_ change: (inout SamplerSetting) -> Void) -> SamplerSetting {
            var setting = acting
            if setting.temperature == nil { setting.temperature = 1 }
            change(&setting)
            return setting
        }
        let reference = SamplerSetting(aligned.generation)
        var found: [(String, SamplerSetting)] = [
            ("the declared setting", declared),
            ("the reference's setting", reference),
            (
                "the silent pipeline's setting",
                SamplerSetting(ProfileDescription.silentOutput.resolved(for: model).generation)
            ),
            ("greedy", SamplerSetting(temperature: nil, repetition: acting.repetition)),
        ]
        found += [0.3, 0.7, 1].map { value in
            ("temperature \(number(value))", changed { $0.temperature = value })
        }
        found += [("top_k none", changed { $0.topK = nil }), ("top_k 50", changed { $0.topK = 50 })]
        found += [("top_p none", changed { $0.topP = nil }), ("top_p 0.95", changed { $0.topP = 0.95 })]
        found.append(
            acting.repetition == nil
                ? ("repetition-aware sampling on", changed { $0.repetition = .upstream })
                : ("repetition-aware sampling off", changed { $0.repetition = nil }))
        var seen: Set<SamplerSetting> = [acting]
        return found.filter { seen.insert($0.1).inserted && rules.contains($0.1.repetition) }
    }
}
