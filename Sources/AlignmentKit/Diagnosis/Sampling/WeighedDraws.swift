public import AlignmentStages
import AlignmentWording
import Foundation

/// How likely a request's draws are under the declared setting and under every other one.
///
/// Requests of one declared setting can be weighed together: their log-likelihoods add up.
public struct WeighedDraws: Sendable {
    /// The setting that the capture declares, on top of the reference's values for what it does not say.
    public let declared: SamplerSetting
    /// The knobs of the setting that the capture declares, in the order of `SamplerExaminer.knobs`.
    let declaredKnobs: [String]
    let rules: [RepetitionRule?]
    let likelihood: StreamLikelihood
    let declaredLikelihood: StreamLikelihood

    var grid: SettingGrid { SettingGrid(around: declared, rules: rules) }

    var evidence: SamplerEvidence { SamplerEvidence(likelihood, grid: grid) }

    /// How much better the mixture of all settings explains the draws than what is declared, in nats.
    ///
    /// What is not declared may be anything: then it is the best setting that has the declared values.
    var againstDeclared: Double {
        let (evidence, grid) = (evidence, grid)
        if declaredKnobs == SamplerExaminer.knobs { return evidence.against(declaredLikelihood.upper[0]) }
        let best = (0..<grid.count).filter { isAsDeclared(grid[$0]) }.map { likelihood.upper[$0] }.max()
        return best.map(evidence.against) ?? 0
    }

    private func isAsDeclared(_ setting: SamplerSetting) -> Bool {
        func agrees(_ knob: String, _ isSame: Bool) -> Bool { isSame || !declaredKnobs.contains(knob) }
        guard agrees("generation.do_sample", (setting.temperature == nil) == (declared.temperature == nil)),
            agrees("generation.ras_win_len", setting.repetition?.window == declared.repetition?.window),
            agrees(
                "generation.ras_win_max_num_repeat",
                setting.repetition == nil || declared.repetition == nil
                    || setting.repetition?.limit == declared.repetition?.limit)
        else { return false }
        guard setting.temperature != nil, declared.temperature != nil else { return true }
        return agrees("generation.temperature", setting.temperature == declared.temperature)
            && agrees("generation.top_k", setting.topK == declared.topK)
            && agrees("generation.top_p", setting.topP == declared.topP)
    }

    /// The draws of requests with the same declared setting, together.
    func adding(_ other: WeighedDraws) -> WeighedDraws? {
        guard declared == other.declared, declaredKnobs == other.declaredKnobs, rules == other.rules else {
            return nil
        }
        return WeighedDraws(
            declared: declared, declaredKnobs: declaredKnobs, rules: rules,
            likelihood: likelihood + other.likelihood,
            declaredLikelihood: declaredLikelihood + other.declaredLikelihood)
    }

    /// Evidence in nats as so many times likelier.
    static func odds(_ nats: Double) -> String {
        nats == .infinity ? "infinitely many" : nats < 13 ? number(exp(nats)) : "10^\(Int(nats / log(10)))"
    }
}
