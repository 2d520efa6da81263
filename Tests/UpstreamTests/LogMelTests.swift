import AlignmentKit
import Testing

@Suite("Whisper features against upstream's extractor")
struct LogMelTests {
    private struct Case: Encodable {
        let waveform: PackedTensor
        let bins: Int
        let keptFrames: Int

        private enum CodingKeys: CodingKey { case waveform, bins, keptFrames }
        let samples: [Float]

        init(_ samples: [Float], bins: Int) {
            self.samples = samples
            self.bins = bins
            waveform = PackedTensor(.float32(NDArray(vector: samples)))
            keptFrames = min(3000, samples.count / 160 + 3)
        }
    }

    private struct Answer: Decodable, Equatable {
        let reference: PackedTensor
        let rest: PackedTensor
        let torchIsNan: Bool
        let torchError: String
        let numpyError: String
    }

    private static func cases(_ dice: inout Dice) -> [Case] {
        var lengths = [1, 2, 159, 160, 161, 200, 201, 400, 401]
        lengths += dice.list(10) { $0.roll(1...2000) } + dice.list(6) { $0.roll(2000...60_000) }
        let short = lengths.flatMap { length in
            [80, 128].map { bins in
                Case(dice.pick(RandomSound.allCases).samples(length, &dice), bins: bins)
            }
        }
        let kinds = RandomSound.allCases.map { kind in
            Case(kind.samples(16_000, &dice), bins: dice.pick([80, 128]))
        }
        let long = [479_999, 480_000, 480_001, 600_000].map { length in
            Case(RandomSound.speech.samples(length, &dice), bins: dice.pick([80, 128]))
        }
        return short + kinds + long
    }

    @Test(
        "features are as near to binary64 as a float32 can be, never worse than torch's or numpy's",
        arguments: [Oracle.Stack.boson, .port])
    func values(stack: Oracle.Stack) async throws {
        let trial = Trial("log-mel, \(stack)")
        let oracle = stack == .boson ? Oracle.shared : Oracle.port
        let cases = trial.cases(1, Self.cases).flatMap { $0 }
        #expect(cases.count >= 50)
        let answers = try await oracle.ask("log_mel", cases, for: Answer.self)
        var worst = (ours: 0.0, torch: 0.0, numpy: 0.0)
        for (each, answer) in zip(cases, answers) {
            guard case .value(let answer) = answer else {
                Issue.record("upstream raised for \(each.samples.count) samples: \(answer)")
                continue
            }
            let ours = LogMel(bins: each.bins).features(of: [each.samples[...]])
            let error = try Self.error(ours, of: each, answer)
            let torch = try #require(Double(answer.torchError))
            let numpy = try #require(Double(answer.numpyError))
            worst = (max(worst.ours, error), max(worst.torch, torch), max(worst.numpy, numpy))
            #expect(error <= 2 * torch, "\(each.samples.count) samples, \(each.bins) bins")
            #expect(error <= 2 * numpy, "\(each.samples.count) samples, \(each.bins) bins")
        }
        print("log-mel: largest errors against binary64: \(worst)")
        // Half a unit in the last place of values below 4, and the rounding of binary64.
        #expect(worst.ours < 0x1p-23 + 1e-12)
    }

    /// The largest error of our features against binary64.
    private static func error(_ ours: [Float], of each: Case, _ answer: Answer) throws -> Double {
        let reference = try answer.reference.array(Double.self)
        let rest = try answer.rest.array(Double.self).scalars
        try #require(ours.count == each.bins * 3000)
        var largest = 0.0
        for bin in 0..<each.bins {
            for frame in 0..<3000 {
                let exact = frame < reference.columns ? reference[bin, frame] : try #require(rest.first)
                largest = max(largest, abs(Double(ours[bin * 3000 + frame]) - exact))
            }
        }
        #expect(rest.count <= 1, "upstream's frames after the sound are not all the same")
        return largest
    }

    @Test(
        "what is not finite, or whose power is not, makes the whole window NaN, as upstream's does",
        arguments: [Float.nan, .infinity, -.infinity, 1e20, -1e38, 1e18])
    func notFinite(sample: Float) async throws {
        let each = Case((0..<3000).map { $0 == 700 ? sample : 0.1 }, bins: 80)
        let answers = try await Oracle.shared.ask("log_mel", [each], for: Answer.self)
        guard case .value(let answer) = answers.first else {
            Issue.record("upstream raised")
            return
        }
        let ours = LogMel(bins: 80).features(of: [each.samples[...]])
        #expect(ours.allSatisfy(\.isNaN) == answer.torchIsNan)
        #expect(ours.contains(where: \.isNaN) == answer.torchIsNan)
    }

    @Test("any number of threads gives the same bits")
    func threads() {
        var dice = Dice(seed: 7)
        let windows = RandomSound.allCases.map { $0.samples(dice.roll(1...20_000), &dice)[...] }
        let mel = LogMel(bins: 80)
        let alone = windows.flatMap { mel.features(of: [$0]) }
        for threads in [1, 2, 3, 16] {
            // Not in the expectation itself, which would look for the difference of a million elements.
            let isSame = mel.features(of: windows, threads: threads).elementsEqual(alone) {
                $0.bitPattern == $1.bitPattern
            }
            #expect(isSame, "\(threads) threads")
        }
    }
}
