public import AlignmentStages
import Foundation

/// How likely a request's draws are under the declared setting and under every other one.
///
/// Requests of one declared setting can be weighed together: their log-likelihoods add up.
public struct WeighedDraws: Sendable {
    /// The setting that the capture declares.
    public let declared: SamplerSetting
    let rules: [RepetitionRule?]
    let likelihood: StreamLikelihood
    let declaredLikelihood: StreamLikelihood

    var grid: SettingGrid { SettingGrid(around: declared, rules: rules) }

    var evidence: SamplerEvidence { SamplerEvidence(likelihood, grid: grid) }

    /// How much better the mixture of all settings explains the draws than the declared one, in nats.
    var againstDeclared: Double { evidence.against(declaredLikelihood.upper[0]) }

    /// The draws of requests with the same declared setting, together.
    func adding(_ other: WeighedDraws) -> WeighedDraws? {
        guard declared == other.declared, rules == other.rules else { return nil }
        return WeighedDraws(
            declared: declared, rules: rules, likelihood: likelihood + other.likelihood,
            declaredLikelihood: declaredLikelihood + other.declaredLikelihood)
    }

    /// Evidence in nats as so many times likelier.
    static func odds(_ nats: Double) -> String {
        nats == .infinity ? "infinitely many" : nats < 13 ? number(exp(nats)) : "10^\(Int(nats / log(10)))"
    }
}
