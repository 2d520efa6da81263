import AlignmentKit
import Testing

@Suite("Cut and scaled waveforms against numpy")
struct FinishTests {
    private struct Case: Encodable {
        let samples: PackedTensor
        let trim: [Int]
        let factor: Double?

        private enum CodingKeys: CodingKey { case samples, trim, factor }
        let waveform: [Float]
        let profile: DecodeProfile

        init(_ dice: inout Dice) {
            var profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).decode
            let loudness = dice.pick([0, 1e-3, 1, 1, 1e30] as [Float])
            let rarity = dice.pick([0, 0, 0, 0.02])
            waveform = dice.list(dice.roll(0...60)) { dice in
                dice.chance(rarity)
                    ? dice.pick([.nan, .infinity, -.infinity, -0.0])
                    : Float.random(in: -1...1, using: &dice) * loudness
            }
            samples = PackedTensor(.float32(NDArray(vector: waveform)))
            trim = dice.chance(0.3) ? [0, 0] : [dice.roll(-20...20), dice.roll(-20...40)]
            profile.trim = EndCuts(trim[0], trim[1])
            factor = dice.pick([
                nil, nil, 1, -1, 0.5, 32767, 1 / 32768, 0.1, Double.random(in: -2...2, using: &dice),
            ])
            profile.outputScale = factor.map(OutputScale.factor) ?? .peak
            // A cut on the way to the file after a scale in the codec is the only order that numpy is not asked for.
            (profile.trimAt, profile.scaleAt) = dice.pick([
                (.codec, .codec), (.file, .file), (.codec, .file),
            ])
            self.profile = profile
        }
    }

    @Test("ends are cut and padded and samples scaled as numpy does it in float32, bit for bit")
    func finished() async throws {
        let trial = Trial("finish")
        let cases = trial.cases(1000, Case.init)
        let answers = try await Oracle.shared.ask("finish", cases, for: PackedTensor.self)
        trial.compare(cases, with: answers.map { $0.map(Self.bits) }) { each in
            .value(DecodeStage.finished([each.waveform], under: each.profile)[0].map(Self.bits))
        }
    }

    /// The samples' bits, every NaN the same.
    private static func bits(_ packed: PackedTensor) -> [UInt32] {
        (try? packed.array(Float.self).scalars.map(bits)) ?? []
    }

    private static func bits(_ sample: Float) -> UInt32 {
        sample.isNaN ? Float.nan.bitPattern : sample.bitPattern
    }
}
