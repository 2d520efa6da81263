package import AlignmentStages
import Foundation

/// What recorded draws say of the setting that they were drawn under.
///
/// The likelihood of the draws under a mixture of all settings, over their likelihood under one setting, has the
/// expectation 1 at most if that one acted, however long the stream, wherever it stopped, and although each step's
/// logits follow from the draws before: it is a test martingale. So a setting that acted is excluded at α with a
/// probability of at most α (Ville's inequality), at any number of draws, without an assumption about large numbers.
///
/// Source: Waudby-Smith and Ramdas, Confidence sequences for sampling without replacement, 2020 (the prior-posterior
/// ratio); Ville, Étude critique de la notion de collectif, 1939.
package struct SamplerEvidence: Sendable {
    package let grid: SettingGrid
    let likelihood: StreamLikelihood
    /// log of the likelihood of the draws under the mixture.
    package let mixture: Double

    package init(_ likelihood: StreamLikelihood, grid: SettingGrid) {
        self.grid = grid
        self.likelihood = likelihood
        mixture = logSumExp(zip(grid.logWeights, likelihood.lower).map(+))
    }

    package var draws: Int { likelihood.draws }

    /// How much better the mixture explains the draws than a setting with this log-likelihood, in nats.
    ///
    /// A mixture that cannot have drawn them excludes nothing.
    package func against(_ logLikelihood: Double) -> Double {
        mixture == -.infinity ? 0 : mixture - logLikelihood
    }

    /// How much better the mixture explains the draws than a setting of the grid, in nats.
    package func against(_ setting: SamplerSetting) -> Double {
        grid.place(of: setting).map { against(likelihood.upper[$0]) } ?? -.infinity
    }

    /// The settings that are not excluded at a level, by their place in the grid.
    package func region(level: Double, around declared: SamplerSetting) -> SamplerRegion {
        let bound = log(1 / level)
        let kept = (0..<grid.count).filter { against(likelihood.upper[$0]) < bound }
        return SamplerRegion(kept.map { grid[$0] }, of: grid, around: declared)
    }

    /// The setting of the grid that explains the draws best.
    var best: SamplerSetting? {
        likelihood.upper.indices.max { likelihood.upper[$0] < likelihood.upper[$1] }.map { grid[$0] }
    }
}

func logSumExp(_ values: [Double]) -> Double {
    guard let largest = values.max(), largest > -.infinity else { return -.infinity }
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
}
