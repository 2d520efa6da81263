import AlignmentStages
import Foundation

/// One step of the sampler, by live codebook: how likely what was kept was, and what chance EOS had.
public struct StepTrace: Sendable, Equatable, Codable {
    /// The sampler's step, over all segments.
    public var step: Int
    /// The segment.
    public var segment: Int
    /// The column in its delayed stream.
    public var column: Int
    /// The live codebooks, which the arrays below go by.
    public var codebooks: [Int]
    /// The ids that were kept; nil where upstream overwrote the draw.
    public var ids: [Int?]
    /// Their probability before any processor; nil with the id.
    public var rawProbability: [Double?]
    /// Their probability under the setting, repetition-aware sampling included; nil with the id.
    public var probability: [Double?]
    /// Entropy before any processor, in bits.
    public var rawEntropy: [Double]
    /// Entropy under the setting, in bits.
    public var entropy: [Double]
    /// The probability that the row was drawn again, given what was kept, at least; nil with the id.
    public var redrawn: [Double?]
    /// P(EOS) before any processor.
    public var rawEos: [Double]
    /// P(EOS) under the setting.
    public var eos: [Double]
    /// A live codebook drew EOS: the stream is ending.
    public var drewEos: Bool
    /// The rank of EOS among the logits, from 1; nil where its logit was not recorded.
    public var eosRank: [Int?]
    /// The largest logit minus that of EOS; nil where it was not recorded.
    public var eosMargin: [Double?]

    /// The probability that some live codebook draws EOS, before any processor.
    public var rawHazard: Double { 1 - rawEos.reduce(1) { $0 * (1 - $1) } }
    /// The probability that some live codebook draws EOS, under the setting.
    public var hazard: Double { 1 - eos.reduce(1) { $0 * (1 - $1) } }
}

extension StepTrace {
    /// The steps of a stream under a setting, whose rule of repetition it knows.
    static func steps(of stream: RecordedStream, under setting: SamplerSetting, eos: Int) -> [StepTrace] {
        var steps: [StepTrace] = []
        let rule = stream.rules.firstIndex(of: setting.repetition) ?? 0
        for cell in stream.cells {
            if steps.last?.step != cell.draw.step {
                steps.append(StepTrace(cell.draw))
            }
            steps[steps.count - 1].append(cell, under: setting, rule: rule, eos: eos)
        }
        return steps
    }

    private init(_ draw: RecordedDraw) {
        step = draw.step
        segment = draw.cell.segment
        column = draw.cell.column
        (codebooks, ids, rawProbability, probability) = ([], [], [], [])
        (rawEntropy, entropy, redrawn, rawEos, self.eos) = ([], [], [], [], [])
        (eosRank, eosMargin, drewEos) = ([], [], false)
    }

    private mutating func append(
        _ cell: RecordedStream.Cell, under setting: SamplerSetting, rule: Int, eos: Int
    ) {
        let (row, draw) = (cell.row, cell.draw)
        let plain = RowDistribution(row, under: SamplerSetting(temperature: 1), repeated: .ids([]))
        let drawn = RowDistribution(row, under: setting, repeated: draw.repeated[rule])
        codebooks.append(draw.cell.codebook)
        rawEntropy.append(plain.entropy)
        entropy.append(drawn.entropy)
        if draw.isLost {
            ids.append(nil)
            rawProbability.append(nil)
            probability.append(nil)
            redrawn.append(nil)
        } else {
            let id = draw.cell.id
            ids.append(id)
            drewEos = drewEos || id == eos
            let place = row.place(of: id)
            rawProbability.append(row.rawProbability(place).upperBound)
            probability.append(cell.likelihood.bounds(setting, rule: rule).upperBound)
            redrawn.append(cell.likelihood.redrawProbability(setting, rule: rule))
        }
        if case .recorded(let rank) = row.place(of: eos) {
            rawEos.append(row.rawProbability(.recorded(rank: rank)).upperBound)
            self.eos.append(drawn.probabilities[rank])
            eosRank.append(row.logits.prefix(rank).count { $0 > row.logits[rank] } + 1)
            eosMargin.append(Double(row.logits[0]) - Double(row.logits[rank]))
        } else {
            rawEos.append(row.rawProbability(row.place(of: eos)).upperBound)
            self.eos.append(cell.eosBound(setting, rule: rule, eos: eos))
            eosRank.append(nil)
            eosMargin.append(nil)
        }
    }
}

extension RecordedStream.Cell {
    /// The most probability that EOS can have where its logit was not recorded.
    fileprivate func eosBound(_ setting: SamplerSetting, rule: Int, eos: Int) -> Double {
        let other = DrawLikelihood(draw.keeping(eos), row: row, eos: eos)
        return other.bounds(setting, rule: rule).upperBound
    }
}
