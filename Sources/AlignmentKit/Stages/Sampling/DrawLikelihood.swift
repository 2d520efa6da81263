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
        let own = row.probability(weights.own, in: support)
        switch again[rule] {
        case .none: return told(own)
        case .all: return told(raw)
        case .some(_, let includesDrawn):
            var (low, high) = (0.0, 0.0)
            for weight in weights.again[rule] {
                let probability = row.probability(weight, in: support)
                low += probability.lowerBound
                high += probability.upperBound
            }
            return told(
                own: includesDrawn ? 0...0 : own, again: min(low, 1)...min(high, 1))
        }
    }

    /// The likelihood where the largest logit is taken, as bounds; repetition-aware sampling draws all the same.
    package func greedy(rule: Int) -> ClosedRange<Double> {
        let best = row.largest
        func isBest(_ place: LogitRow.Place) -> ClosedRange<Double> {
            guard case .recorded(let rank) = place, best.contains(rank) else { return 0...0 }
            return 1 / Double(best.count)...1
        }
        let own = isBest(place)
        switch again[rule] {
        case .none: return told(own)
        case .all: return told(raw)
        case .some(let places, let includesDrawn):
            let bounds = places.map(isBest)
            let low = bounds.reduce(0) { $0 + $1.lowerBound }
            let high = bounds.reduce(0) { $0 + $1.upperBound }
            return told(own: includesDrawn ? 0...0 : own, again: min(low, 1)...min(high, 1))
        }
    }

    private func told(own: ClosedRange<Double>, again: ClosedRange<Double>) -> ClosedRange<Double> {
        let low = own.lowerBound + again.lowerBound * raw.lowerBound
        let high = own.upperBound + again.upperBound * raw.upperBound
        return told(min(low, 1)...min(high, 1))
    }

    /// A lost draw was anything else.
    private func told(_ probability: ClosedRange<Double>) -> ClosedRange<Double> {
        isLost ? 1 - probability.upperBound...1 - probability.lowerBound : probability
    }

    /// The likelihood under a setting, whose rule of repetition is the given one of the draw's, as bounds.
    package func bounds(_ setting: SamplerSetting, rule: Int) -> ClosedRange<Double> {
        guard let temperature = setting.temperature else { return greedy(rule: rule) }
        let tempered = TemperedRow(row, temperature: temperature)
        return bounds(
            weights(at: tempered), in: tempered.support(topK: setting.topK, topP: setting.topP),
            of: tempered, rule: rule)
    }
}

extension LogitRow {
    /// The ranks of the largest logit: torch's argmax takes the first id of equals on a CPU.
    fileprivate var largest: Range<Int> {
        0..<(logits.prefix { $0 == logits[0] }.count)
    }
}
