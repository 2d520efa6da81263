import AlignmentStages
import Foundation

/// How soon draws under one setting would exclude another one, on logits like the recorded ones.
struct Separation {
    /// What each draw adds to the evidence, on average, where both settings can give it, in nats.
    private(set) var nats = 0.0
    /// The share of draws that the other setting cannot give.
    private(set) var escape = 0.0

    /// Most cells that are looked at.
    private static let sampleSize = 1_200

    /// - Parameters:
    ///   - acting: what drew.
    ///   - other: what is to be excluded.
    init(of acting: SamplerSetting, from other: SamplerSetting, on stream: RecordedStream) {
        let cells = stream.kept
        let stride = max(cells.count / Self.sampleSize, 1)
        var count = 0.0
        for index in Swift.stride(from: 0, to: cells.count, by: stride) {
            let cell = cells[index]
            func distribution(_ setting: SamplerSetting) -> RowDistribution {
                let rule = stream.rules.firstIndex(of: setting.repetition) ?? 0
                return RowDistribution(cell.row, under: setting, repeated: cell.draw.repeated[rule])
            }
            let divergence = distribution(acting).divergence(from: distribution(other))
            nats += divergence.nats
            escape += divergence.escape
            count += 1
        }
        guard count > 0 else { return }
        nats /= count
        escape /= count
    }

    /// Draws after which the other setting is likely to be excluded at a level; nil if they never tell it.
    ///
    /// An impossible draw comes with 95 % probability, or the evidence is expected to reach what the level and the
    /// mixture's weight ask for.
    func draws(level: Double, weight: Double) -> Int? {
        let byEscape = escape > 1e-9 ? log(0.05) / log1p(-min(escape, 0.999_999)) : .infinity
        let byEvidence = nats > 1e-9 ? (log(1 / level) - weight) / nats : .infinity
        let needed = min(byEscape, byEvidence)
        return needed < 1e9 ? max(Int(needed.rounded(.up)), 1) : nil
    }
}
