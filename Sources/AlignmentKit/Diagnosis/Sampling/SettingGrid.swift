package import AlignmentStages
import Foundation

/// The settings that a stream's draws are held against: every temperature with every pair of top-k and top-p, each with
/// and without repetition-aware sampling.
package struct SettingGrid: Sendable, Equatable {
    /// Rising.
    package let temperatures: [Double]
    /// The largest logit may have been taken.
    package let includesGreedy: Bool
    /// Pairs of top-k and top-p.
    package let cuts: [Cut]
    /// nil for repetition-aware sampling that is off.
    package let rules: [RepetitionRule?]

    /// What is kept of a row.
    package struct Cut: Sendable, Hashable {
        package var topK: Int?
        package var topP: Double?
    }

    /// The settings that pipelines use, and what lies between them: temperatures in steps of 6 %.
    ///
    /// - Parameters:
    ///   - declared: its temperature, top-k and top-p are among them.
    ///   - rules: rules of repetition, nil for none.
    package init(around declared: SamplerSetting, rules: [RepetitionRule?]) {
        let even = (0...68).map { (0.055 * pow(1.06, Double($0)) * 1000).rounded() / 1000 }
        let usual = [0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2]
        let named = Set(usual + [declared.temperature].compactMap(\.self))
        temperatures = Set(even.filter { value in named.allSatisfy { abs($0 / value - 1) > 0.02 } })
            .union(named).sorted()
        includesGreedy = true
        let counts: [Int?] = [nil, 500, 200, 100, 80, 50, 40, 30, 20, 10, 5]
        let masses: [Double?] = [nil, 0.99, 0.98, 0.97, 0.95, 0.92, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.3]
        let product = counts.flatMap { count in masses.map { Cut(topK: count, topP: $0) } }
        let own = Cut(topK: declared.topK, topP: declared.topP)
        cuts = product.contains(own) ? product : product + [own]
        self.rules = rules
    }

    /// One setting alone.
    package init(_ setting: SamplerSetting) {
        temperatures = setting.temperature.map { [$0] } ?? []
        includesGreedy = setting.temperature == nil
        cuts = [Cut(topK: setting.topK, topP: setting.topP)]
        rules = [setting.repetition]
    }

    package var count: Int { (temperatures.count * cuts.count + (includesGreedy ? 1 : 0)) * rules.count }

    /// The settings by temperature, then cut, then rule; the greedy ones last.
    package subscript(index: Int) -> SamplerSetting {
        let (place, rule) = (index / rules.count, rules[index % rules.count])
        guard place < temperatures.count * cuts.count else {
            return SamplerSetting(temperature: nil, repetition: rule)
        }
        let cut = cuts[place % cuts.count]
        return SamplerSetting(
            temperature: temperatures[place / cuts.count], topK: cut.topK, topP: cut.topP, repetition: rule)
    }

    /// The place of a setting; nil for one that is not in the grid.
    func place(of setting: SamplerSetting) -> Int? { (0..<count).first { self[$0] == setting } }

    /// The settings of one temperature.
    struct Block: Sendable {
        /// nil for the greedy ones.
        let temperature: Double?
        /// The place of the first of them.
        let first: Int
    }

    var blocks: [Block] {
        let size = cuts.count * rules.count
        return temperatures.enumerated().map { Block(temperature: $1, first: $0 * size) }
            + (includesGreedy ? [Block(temperature: nil, first: temperatures.count * size)] : [])
    }

    /// The log of each setting's weight in the mixture: what pipelines use weighs more.
    ///
    /// The weights say how soon a departure is seen, never whether a clean stream is accused.
    var logWeights: [Double] {
        let weights = (0..<count).map { index -> Double in
            let setting = self[index]
            guard let temperature = setting.temperature else { return Double(cuts.count) * 4 }
            let usual = [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1].contains(temperature) ? 4.0 : 1
            let count =
                switch setting.topK {
                case nil: 6.0
                case 50?: 4.0
                default: 1.0
                }
            let mass =
                switch setting.topP {
                case nil, 0.95?: 5.0
                case 0.9?: 2.0
                default: 1.0
                }
            return usual * count * mass
        }
        let sum = weights.reduce(0, +)
        return weights.map { log($0 / sum) }
    }
}
