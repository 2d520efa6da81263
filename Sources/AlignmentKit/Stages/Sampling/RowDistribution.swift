import Foundation

/// The probabilities of all ids of a row under a setting, by rank; what was not recorded is one lump at the end.
package struct RowDistribution: Sendable {
    /// [rank], the unrecorded ids' together last.
    package let probabilities: [Double]

    /// - Parameter repeated: what the setting's rule of repetition does not accept here; none where it is off.
    package init(_ row: LogitRow, under setting: SamplerSetting, repeated: RecordedDraw.Repeated) {
        let raw = row.logits.map { exp(Double($0) - row.logSumExp) }
        let rawTail = max(1 - raw.reduce(0, +), 0)
        let width = raw.count
        var kept: [Double]
        if let temperature = setting.temperature {
            let tempered = TemperedRow(row, temperature: temperature)
            kept = tempered.masses(in: tempered.support(topK: setting.topK, topP: setting.topP))
        } else {
            kept = [1] + [Double](repeating: 0, count: width)
        }
        let sum = kept.reduce(0, +)
        for rank in kept.indices { kept[rank] /= sum }
        switch repeated {
        case .ids([]): break
        case .all: kept = raw + [rawTail]
        case .ids(let ids):
            var again = 0.0
            for id in ids {
                guard case .recorded(let rank) = row.place(of: id) else { continue }
                again += kept[rank]
                kept[rank] = 0
            }
            for rank in 0..<width { kept[rank] += again * raw[rank] }
            kept[width] += again * rawTail
        }
        probabilities = kept
    }

    /// In bits.
    package var entropy: Double {
        -probabilities.reduce(0) { $0 + ($1 > 0 ? $1 * log2($1) : 0) }
    }

    /// How draws of this distribution would tell it from another one of the same row.
    package func divergence(from other: RowDistribution) -> (nats: Double, escape: Double) {
        var (nats, escape) = (0.0, 0.0)
        for (own, other) in zip(probabilities, other.probabilities) where own > 0 {
            if other > 0 { nats += own * log(own / other) } else { escape += own }
        }
        return (nats, escape)
    }
}

extension TemperedRow {
    /// The mass of every id that is kept, by rank, the unrecorded ones' together last.
    fileprivate func masses(in support: Support) -> [Double] {
        let recorded = (0..<recordedCount).map { $0 < support.certain ? mass(of: $0) : 0 }
        let rest = support.tail == .none ? 0 : max(support.mass.lowerBound - recorded.reduce(0, +), 0)
        return recorded + [rest]
    }
}
