public import AlignmentStages
import Foundation

/// Several requests of one declared setting, their draws weighed together.
public struct PooledDraws: Sendable, Equatable, Codable {
    /// The requests, each as path and name.
    public var requests: [String]
    /// Ids that were to be repaired while all of them ran; nil for runs as they are.
    public var repaired: [String]?
    /// Draws in all.
    public var draws: Int
    /// The setting that all of them declare.
    public var declared: SamplerSetting
    /// Whether the draws together contradict it.
    public var verdict: SamplerFindings.Verdict
    /// Probability of contradicting a setting that acted, at most.
    public var level: Double
    /// How much better a mixture of all settings explains the draws than the declared one, in nats.
    public var evidenceAgainstDeclared: Double
    /// The settings that are left at 5 %.
    public var region: SamplerRegion
    /// The settings that are left at `level`.
    public var widestRegion: SamplerRegion
    /// The setting that explains the draws best.
    public var best: SamplerSetting?
}

extension PooledDraws {
    /// A request, its draws, and what was to be repaired while it ran; nil for a run as it is.
    public typealias Request = (name: String, draws: WeighedDraws, repaired: [String]?)

    /// Pools requests by their declared setting and by what was repaired: a repair may change the sampler itself. One
    /// that stands alone is no pool.
    public static func pools(_ requests: [Request], level: Double) -> [PooledDraws] {
        var pools: [(names: [String], sum: Request)] = []
        for request in requests {
            let joined = pools.indices.lazy.filter { pools[$0].sum.repaired == request.repaired }
                .compactMap { index in pools[index].sum.draws.adding(request.draws).map { (index, $0) } }
                .first
            if let (index, sum) = joined {
                pools[index].names.append(request.name)
                pools[index].sum.draws = sum
            } else {
                pools.append(([request.name], request))
            }
        }
        return pools.filter { $0.names.count > 1 }.map { PooledDraws($0.names, $0.sum, level: level) }
    }

    private init(_ names: [String], _ sum: Request, level: Double) {
        let weighed = sum.draws
        let evidence = weighed.evidence
        requests = names
        repaired = sum.repaired
        draws = evidence.draws
        declared = weighed.declared
        self.level = level
        evidenceAgainstDeclared = weighed.againstDeclared
        verdict = evidenceAgainstDeclared >= log(1 / level) ? .contradicted : .consistent
        region = evidence.region(level: 0.05, around: weighed.declared)
        widestRegion = evidence.region(level: level, around: weighed.declared)
        best = evidence.best
    }
}
