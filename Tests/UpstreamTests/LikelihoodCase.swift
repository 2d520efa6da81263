import AlignmentKit
import Foundation

@testable import AlignmentStages

/// One row of logits, what stands in the repetition window, and the parameters of a draw.
struct LikelihoodCase: Encodable {
    let bos: Int
    let eos: Int
    let doSample: Bool
    let temperature: Double?
    let topK: Int?
    let topP: Double?
    let rasWinLen: Int?
    let rasMaxRepeat: Int
    let torchSeed: Int
    let draws: Int
    /// The first so many ids may change their order: the port treats BOS and EOS apart from the others.
    let movable: Int
    let logits: PackedTensor
    /// The ids before the draw, the last one BOS, [column].
    let history: PackedTensor

    private enum CodingKeys: CodingKey {
        case bos, eos, doSample, temperature, topK, topP, rasWinLen, rasMaxRepeat, torchSeed, draws, movable
        case logits, history
    }

    /// The logits, [id].
    let row: [Float]
    /// The same parameters as knobs of a profile, for one codebook.
    let profile: GenerationProfile
    private let columns: [Int64]
    private let isPort: Bool

    init(_ dice: inout Dice, isPort: Bool) {
        self.isPort = isPort
        let ids = dice.chance(0.03) ? 1026 : dice.roll(6...40)
        var model = ModelConfiguration()
        model.audioNumCodebooks = 1
        (model.audioStreamBOS, model.audioStreamEOS) = (ids - 2, ids - 1)
        let stack: ProfileDescription = isPort ? .transformersPort : .serveEngine
        var profile = stack.resolved(for: model).generation
        if !isPort { profile.useDelayPattern = false }
        profile.doSample = dice.chance(0.8)
        profile.temperature = dice.pick([nil, 1, 0.3, 0.7, 2, Double.random(in: 0.05...3, using: &dice)])
        profile.topK = dice.pick([nil, 0, 1, 2, 50, ids, dice.roll(1...ids), dice.roll(1...ids)])
        profile.topP = dice.pick([nil, 0, 1, 0.5, 0.9, 0.95, Double.random(in: 0...1, using: &dice)])
        profile.rasWinLen = dice.pick([nil, 7, 7, 7, 0, 1, dice.roll(1...20)])
        profile.rasMaxRepeat = dice.pick([2, 2, 1, 3, 0])
        self.profile = profile

        let spread = dice.pick([0.1, 1, 3, 12] as [Float])
        let rounding = dice.pick([0, 0, 1, 2])
        var row = dice.list(ids) { dice in
            let logit =
                spread * (Float.random(in: -1...1, using: &dice) + Float.random(in: -1...1, using: &dice))
            return rounding == 0 ? logit : rounding == 1 ? BFloat16(logit).float : logit.rounded()
        }
        if isPort {
            // Equals of BOS and EOS would always stand before or behind them.
            row[ids - 2] += 0.001_7
            row[ids - 1] -= 0.001_9
        }
        self.row = row
        // The likely ids repeat, as a model that is stuck repeats them.
        let likely = row.indices.sorted { row[$0] > row[$1] }.prefix(dice.pick([1, 2, 4]))
        columns = dice.list(dice.roll(0...20)) { dice in
            Int64(dice.chance(0.7) ? dice.pick(Array(likely)) : dice.roll(0...ids - 1))
        }

        (bos, eos) = (ids - 2, ids - 1)
        (doSample, temperature) = (profile.doSample, profile.temperature)
        (topK, topP) = (profile.topK, profile.topP)
        (rasWinLen, rasMaxRepeat) = (profile.rasWinLen, profile.rasMaxRepeat)
        torchSeed = dice.roll(0...1 << 30)
        draws = ids > 100 ? 1500 : 5000
        movable = isPort ? ids - 2 : ids
        logits = PackedTensor(.float32(NDArray(vector: row)))
        history = PackedTensor(columns + [Int64(bos)])
    }

    /// The likelihood of each id, as bounds, and the distribution of all.
    func likelihoods() throws -> (bounds: [ClosedRange<Double>], distribution: [Double]) {
        let facts = GenerationFacts(
            logits: try NDArray(shape: .cube(1, 1, row.count), scalars: row),
            referenceColumns: NDArray(rows: 1, columns: columns.count) { columns[$1] },
            segments: [NDArray(rows: 1, columns: 2) { [Int64(bos), 0][$1] }],
            promptTail: isPort ? PromptTail(ids: [0], audioOutBOS: 128_013, audioDelay: 128_014) : nil)
        let setting = SamplerSetting(profile)
        let draws = GenerationStage.draws(facts, under: profile, rules: [setting.repetition])
        guard let draw = draws.first, draws.count == 1, let logits = facts.logitRow(step: 0, codebook: 0)
        else { return ([], []) }
        let bounds = row.indices.map { id in
            DrawLikelihood(draw.keeping(id), row: logits, eos: eos).bounds(setting, rule: 0)
        }
        let ranked = RowDistribution(logits, under: setting, repeated: draw.repeated[0])
        var distribution = [Double](repeating: 0, count: row.count)
        for (id, probability) in zip(logits.ids, ranked.probabilities) { distribution[Int(id)] = probability }
        return (bounds, distribution)
    }

    /// The scores after temperature, falling.
    private var scores: [Float] {
        let divisor = doSample ? Float(temperature ?? 1) : 1
        return row.map { $0 / divisor }.sorted(by: >)
    }

    /// Some scores are equal.
    var hasTies: Bool { zip(scores, scores.dropFirst()).contains { $0 == $1 } }

    /// No rounding can move the nucleus's edge.
    var isDecided: Bool {
        guard doSample, let topP, topP < 1 else { return true }
        var kept = scores
        if let topK, topK > 0 {
            let least = kept[min(topK, kept.count) - 1]
            kept = kept.filter { $0 >= least }
        }
        let masses = kept.map { exp(Double($0) - Double(kept[0])) }
        let whole = masses.reduce(0, +)
        var sum = 0.0
        return !masses.contains { mass in
            sum += mass
            return abs(sum / whole - topP) < 1e-5
        }
    }
}
