import AlignmentKit

@testable import AlignmentStages

/// One step of a delayed stream whose codebooks are likely to end it.
struct LostDrawCase: Encodable {
    let audioNumCodebooks: Int
    let bos: Int
    let eos: Int
    let useDelayPattern: Bool
    let doSample: Bool
    let temperature: Double?
    let topK: Int?
    let topP: Double?
    let rasWinLen: Int?
    let rasMaxRepeat: Int
    let torchSeed: Int
    let draws: Int
    let numDelay: Int
    let logits: PackedTensor
    let history: PackedTensor

    private enum CodingKeys: CodingKey {
        case audioNumCodebooks, bos, eos, useDelayPattern, doSample, temperature, topK, topP, rasWinLen
        case rasMaxRepeat, torchSeed, draws, numDelay, logits, history
    }

    let profile: GenerationProfile
    private let rows: NDArray<Float>
    private let reference: NDArray<Int64>
    private let earlier: [[Int64]]
    private let machine: DelayStateMachine

    init(_ dice: inout Dice) {
        let (codebooks, ids) = (dice.roll(2...4), dice.roll(3...5))
        var profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).generation
        profile.audioNumCodebooks = codebooks
        (profile.audioStreamBOS, profile.audioStreamEOS) = (ids - 2, ids - 1)
        profile.temperature = dice.pick([1, 0.7, 1.5])
        profile.topK = dice.pick([nil, nil, ids - 1])
        profile.topP = dice.pick([nil, nil, 0.95])
        profile.rasWinLen = dice.pick([nil, 7, 3])
        profile.rasMaxRepeat = dice.pick([2, 1, 0])
        self.profile = profile

        rows = NDArray(rows: codebooks, columns: ids) { _, _ in Float.random(in: -1.5...1.5, using: &dice) }
        reference = NDArray(rows: codebooks, columns: dice.roll(0...4)) { _, _ in
            Int64(dice.roll(0...ids - 1))
        }
        var machine = DelayStateMachine(profile)
        var columns = [machine.column]
        for _ in 0..<dice.roll(0...codebooks) {
            columns.append(machine.step(dice.list(codebooks) { Int64($0.roll(0...ids - 2)) }))
        }
        (self.machine, earlier) = (machine, columns)

        audioNumCodebooks = codebooks
        (bos, eos) = (ids - 2, ids - 1)
        (useDelayPattern, doSample) = (profile.useDelayPattern, profile.doSample)
        (temperature, topK, topP) = (profile.temperature, profile.topK, profile.topP)
        (rasWinLen, rasMaxRepeat) = (profile.rasWinLen, profile.rasMaxRepeat)
        torchSeed = dice.roll(0...1 << 30)
        draws = 1200
        numDelay = machine.numDelay ?? 0
        logits = PackedTensor(.float32(rows))
        let before = (0..<reference.columns).map(reference.column) + columns
        history = PackedTensor(NDArray(rows: codebooks, columns: before.count) { before[$1][$0] })
    }

    /// What a step can give.
    struct Result: Hashable {
        /// Codebooks whose draws are lost.
        let lost: Int
        let column: [Int64]
    }

    /// Every result with its likelihood, as bounds.
    var likelihoods: [Result: ClosedRange<Double>] {
        var found: [Result: ClosedRange<Double>] = [:]
        for drawn in everyColumn {
            var machine = machine
            let column = machine.step(drawn)
            let result = Result(lost: machine.liveRows.lowerBound, column: column)
            guard found[result] == nil else { continue }
            // Later columns show which codebook the stream began to end with.
            var columns = earlier + [column]
            while machine.isEnding { columns.append(machine.step(drawn.map { _ in 0 })) }
            found[result] = likelihood(of: columns)
        }
        return found
    }

    /// The product over the draws of the column after the earlier ones.
    private func likelihood(of columns: [[Int64]]) -> ClosedRange<Double> {
        let (codebooks, ids) = (rows.rows, rows.columns)
        var logits = NDArray<Float>(repeating: 0, shape: .cube(columns.count - 1, codebooks, ids))
        let start = (earlier.count - 1) * codebooks * ids
        logits.replace(start..<start + codebooks * ids, with: rows.scalars)
        let facts = GenerationFacts(
            logits: logits, referenceColumns: reference,
            segments: [NDArray(rows: codebooks, columns: columns.count) { columns[$1][$0] }])
        let setting = SamplerSetting(profile)
        var (low, high) = (1.0, 1.0)
        for draw in GenerationStage.draws(facts, under: profile, rules: [setting.repetition])
        where draw.cell.column == earlier.count {
            guard let row = facts.logitRow(step: draw.step, codebook: draw.cell.codebook) else { continue }
            let bounds = DrawLikelihood(draw, row: row, eos: eos).bounds(setting, rule: 0)
            (low, high) = (low * bounds.lowerBound, high * bounds.upperBound)
        }
        return low...high
    }

    /// Every choice of ids for all codebooks.
    private var everyColumn: [[Int64]] {
        let (codebooks, ids) = (rows.rows, rows.columns)
        return (0..<codebooks).reduce([[]]) { columns, _ in
            columns.flatMap { column in (0..<ids).map { column + [Int64($0)] } }
        }
    }
}
