import AlignmentKit
import Testing

@Suite("Delay pattern against upstream")
struct DelayPatternTests {
    private struct Case: Encodable {
        let codes: PackedTensor
        let bos: Int64
        let eos: Int64

        private enum CodingKeys: CodingKey { case codes, bos, eos }
        let array: NDArray<Int64>

        init(_ dice: inout Dice) {
            let columns = dice.chance(0.5) ? dice.roll(0...14) : dice.roll(0...120)
            array = NDArray(rows: dice.roll(1...12), columns: columns) { _, _ in dice.roll(-5...2000) }
            codes = PackedTensor(array)
            bos = dice.pick([1024, -100, dice.roll(-2000...2000)])
            eos = dice.pick([1025, -100, dice.roll(-2000...2000)])
        }
    }

    @Test("the delay that is built is upstream's")
    func build() async throws {
        let trial = Trial("delay pattern")
        let cases = trial.cases(500, Case.init)
        let answers = try await Oracle.shared.ask("delay_pattern", cases, for: PackedTensor.self)
        trial.compare(cases, with: answers) { each in
            .value(PackedTensor(DelayPattern.build(each.array, bos: each.bos, eos: each.eos)))
        }
    }
}
