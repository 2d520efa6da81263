/// The likelihood of one draw: the processors, then repetition-aware sampling.
///
/// With p the probability after the processors, q how often an id stands in the window, m the limit and z the raw
/// logits: P(x) = p(x)·1[q(x) < m] + (Σ over a with q(a) ≥ m of p(a))·softmax(z)(x).
///
/// Source: upstream `HiggsAudioModel._sample_audio_tokens`, whose second draw has no processors and is not checked
/// again.
package struct DrawLikelihood: Sendable {
    private let row: LogitRow
    private let place: LogitRow.Place
    private let raw: ClosedRange<Double>
    private let isLost: Bool
    private var again: [Again]

    /// What one rule of repetition does not accept.
    private enum Again: Sendable {
        case none
        case all
        case some(places: [LogitRow.Place], includesDrawn: Bool)
    }

    /// The likelihood of a draw, whose row of logits is given.
    ///
    /// - Parameter eos: the id that a lost draw was not.
    package init(_ draw: RecordedDraw, row: LogitRow, eos: Int) {
        self.row = row
        let id = draw.isLost ? eos : draw.cell.id
        place = row.place(of: id)
        raw = row.rawProbability(place)
        isLost = draw.isLost
        again = draw.repeated.map { repeated in
            switch repeated {
            case .all: .all
            case .ids(let ids):
                ids.isEmpty
                    ? .none : .some(places: ids.map(row.place), includesDrawn: ids.contains(id))
            }
        }
    }

    /// The same draw with some of its rules, by their place.
    package func knowing(_ rules: [Int]) -> DrawLikelihood {
        var likelihood = self
        likelihood.again = rules.map { again[$0] }
        return likelihood
    }

    /// The likelihood's weights at a temperature: what does not depend on top-k and top-p.
    package struct Weights: Sendable {
        var own: TemperedRow.Weight
        var again: [[TemperedRow.Weight]]
    }

    package func weights(at row: TemperedRow) -> Weights {
        Weights(
            own: row.weight(place),
            again: again.map { again in
                if case .some(let places, _) = again { places.map(row.weight) } else { [] }
            })
    }

    /// The likelihood under one rule, as bounds.
    package func bounds(
        _ weights: Weights, in support: TemperedRow.Support, of row: TemperedRow, rule: Int
    ) -> ClosedRange<Double> {
        bounds(
            of: parts(rule: rule, again: weights.again[rule].map { row.probability($0, in: support) }) {
                row.probability(weights.own, in: support)
            })
    }

    /// The likelihood where the largest logit is taken, as bounds; repetition-aware sampling draws all the same.
    package func greedy(rule: Int) -> ClosedRange<Double> { bounds(of: greedyParts(rule: rule)) }

    private func greedyParts(rule: Int) -> Parts {
        let best = row.largest
        func isBest(_ place: LogitRow.Place) -> ClosedRange<Double> {
            guard case .recorded(let rank) = place, best.contains(rank) else { return 0...0 }
            return 1 / Double(best.count)...1
        }
        let places: [LogitRow.Place] =
            if case .some(let places, _) = again[rule] { places } else { [] }
        return parts(rule: rule, again: places.map(isBest)) { isBest(place) }
    }

    /// The two ways to draw an id.
    private struct Parts {
        /// At first, and accepted.
        var own: ClosedRange<Double>
        /// By the second draw.
        var again: ClosedRange<Double>
    }

    /// - Parameters:
    ///   - again: the probabilities of the ids that are not accepted.
    ///   - own: that of the id itself.
    private func parts(
        rule: Int, again rejected: [ClosedRange<Double>], own: () -> ClosedRange<Double>
    ) -> Parts {
        switch again[rule] {
        case .none: return Parts(own: own(), again: 0...0)
        case .all: return Parts(own: 0...0, again: raw)
        case .some(_, let includesDrawn):
            let low = min(rejected.reduce(0) { $0 + $1.lowerBound }, 1)
            let high = min(rejected.reduce(0) { $0 + $1.upperBound }, 1)
            return Parts(
                own: includesDrawn ? 0...0 : own(), again: low * raw.lowerBound...high * raw.upperBound)
        }
    }

    /// Of the draw, or, for a lost one, of anything else.
    private func bounds(of parts: Parts) -> ClosedRange<Double> {
        let low = min(parts.own.lowerBound + parts.again.lowerBound, 1)
        let high = min(parts.own.upperBound + parts.again.upperBound, 1)
        return isLost ? 1 - high...1 - low : low...high
    }

    /// The probability that the id came of the second draw, at least.
    package func redrawProbability(_ setting: SamplerSetting, rule: Int) -> Double {
        let parts = parts(under: setting, rule: rule)
        let sum = parts.own.upperBound + parts.again.lowerBound
        return sum > 0 ? parts.again.lowerBound / sum : 0
    }

    private func parts(under setting: SamplerSetting, rule: Int) -> Parts {
        guard let temperature = setting.temperature else { return greedyParts(rule: rule) }
        let tempered = TemperedRow(row, temperature: temperature)
        let support = tempered.support(topK: setting.topK, topP: setting.topP)
        let weights = weights(at: tempered)
        return parts(
            rule: rule, again: weights.again[rule].map { tempered.probability($0, in: support) }
        ) {
            tempered.probability(weights.own, in: support)
        }
    }

    /// The likelihood under a setting, whose rule of repetition is the given one of the draw's, as bounds.
    package func bounds(_ setting: SamplerSetting, rule: Int) -> ClosedRange<Double> {
        bounds(of: parts(under: setting, rule: rule))
    }
}

extension LogitRow {
    /// The ranks of the largest logit: torch's argmax takes the first id of equals on a CPU.
    fileprivate var largest: Range<Int> {
        0..<(logits.prefix { $0 == logits[0] }.count)
    }
}
