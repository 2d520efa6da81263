import AlignmentKit
import Testing

@Suite("Integer samples against libsndfile")
struct QuantisationTests {
    private struct Case: Encodable {
        let samples: PackedTensor
        let subtype: String
        let overflow: String

        private enum CodingKeys: CodingKey { case samples, subtype, overflow }
        let values: [Float]
        let rule: SampleOverflow

        init(_ dice: inout Dice) {
            values = dice.list(200, Self.sample)
            samples = PackedTensor(.float32(NDArray(vector: values)))
            subtype = dice.pick(["PCM_16", "PCM_24", "PCM_32"])
            rule = dice.pick(SampleOverflow.allCases)
            overflow = rule.rawValue
        }

        /// Speech, single steps and their neighbours, the ends of the range, and any 32 bits at all.
        private static func sample(_ dice: inout Dice) -> Float {
            switch dice.roll(0...5) {
            case 0: return Float.random(in: -1...1, using: &dice)
            case 1: return Float.random(in: -1.2...1.2, using: &dice) * dice.pick([1e-2, 1e-4, 1e-5])
            case 2:
                let step = Float(dice.roll(-32769...32769)) / dice.pick([32768, 32767, 65536, 8_388_608])
                return dice.pick([step, step.nextUp, step.nextDown])
            case 3:
                let end = dice.pick([1, -1, 0.5, -0.5, 32767 / 32768] as [Float])
                return dice.pick([end, end.nextUp, end.nextDown, -end])
            case 4:
                return dice.pick([.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, 1e30, -1e30])
            default: return Float(bitPattern: dice.roll(0...UInt32.max))
            }
        }
    }

    @Test(
        "written samples are what libsndfile writes of floats, or of numpy's 16 bits, NaN and infinities included"
    )
    func quantised() async throws {
        let trial = Trial("quantisation")
        let cases = trial.cases(120, Case.init)
        let answers = try await Oracle.shared.ask("pcm", cases, for: PackedTensor.self)
        var differences: [String] = []
        for (each, answer) in zip(cases, answers) {
            guard case .value(let packed) = answer else {
                differences.append("\(answer)")
                continue
            }
            let written = try packed.array(Int32.self).scalars
            let encoding = try #require(PCM(subtype: each.subtype))
            #expect(written.count == each.values.count)
            for (value, upstream) in zip(each.values, written)
            where encoding.quantised(value, each.rule) != upstream {
                differences.append(
                    "\(value) as \(encoding), \(each.overflow): upstream \(upstream), ours "
                        + "\(encoding.quantised(value, each.rule))")
            }
        }
        trial.expectNone(differences)
    }
}
