import AlignmentKit
import Foundation
import Testing

@testable import AlignmentStages

@Suite("Resampling against librosa")
struct ResamplingTests {
    private struct Case: Encodable {
        let waveform: PackedTensor
        let rates: PackedTensor

        private enum CodingKeys: CodingKey { case waveform, rates }
        let samples: [Float]
        let rate: Double

        init(_ dice: inout Dice) {
            let common = [8000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000]
            let isWhole = dice.chance(0.7)
            let whole = dice.chance(0.6) ? dice.pick(common) : dice.roll(1000...200_000)
            let rate = isWhole ? Float(whole) : Float.random(in: 900...100_000, using: &dice)
            let length = dice.pick([
                0, 1, 2, 3, dice.roll(4...100), dice.roll(4...3000), dice.roll(4...3000),
                dice.roll(3000...100_000),
            ])
            var samples = dice.pick(RandomSound.allCases).samples(length, &dice)
            if dice.chance(0.05), length > 0 {
                samples[dice.roll(0...length - 1)] = dice.pick([.nan, .infinity, -.infinity])
            }
            self.init(samples, rate: rate, isInteger: isWhole && dice.chance(0.5))
        }

        init(_ samples: [Float], rate: Float, isInteger: Bool = false) {
            self.samples = samples
            self.rate = Double(rate)
            waveform = PackedTensor(.float32(NDArray(vector: samples)))
            rates = isInteger ? PackedTensor([Int(rate)]) : PackedTensor(.float32(NDArray(vector: [rate])))
        }
    }

    /// One unit in the last place at full scale. Debian's build of libsoxr and the one inside python-soxr give
    /// the same bits on x86-64; they need not on every processor.
    private static let bound = 0x1p-23

    @Test("the length is librosa's, and no sample is further from librosa's than 2^-23 of the loudest")
    func values() async throws {
        let trial = Trial("resampling")
        let cases = trial.cases(300, Case.init)
        let answers = try await Oracle.shared.ask("resample", cases, for: PackedTensor.self)
        #expect(answers.count == cases.count)
        var differences: [String] = []
        var worst = 0.0
        var equal = 0
        for (each, answer) in zip(cases, answers) {
            let own = Outcome { () throws(UpstreamError) in
                PackedTensor(
                    .float32(
                        NDArray(
                            vector: Array(try RateChange(from: each.rate).apply(to: each.samples[...])))))
            }
            if own == answer {
                equal += 1
                continue
            }
            guard case .value(let left) = own, case .value(let right) = answer, left.shape == right.shape
            else {
                differences.append("\(each.samples.count) samples at \(each.rate): \(own), \(answer)")
                continue
            }
            let theirs = try right.array(Float.self).scalars
            let peak = Double(each.samples.map(abs).max() ?? 0)
            let error =
                zip(try left.array(Float.self).scalars, theirs).map { abs(Double($0) - Double($1)) }
                .max() ?? 0
            worst = max(worst, error / peak)
            if !(error <= Self.bound * peak) {
                differences.append("\(each.samples.count) samples at \(each.rate): \(error) of \(peak)")
            }
        }
        print("resampling: \(equal) of \(cases.count) equal, largest error \(worst) of the loudest sample")
        trial.expectNone(differences)
    }

    @Test(
        "the length is rounded as torch's binary32 scalar rounds it, one sample short of the exact one",
        arguments: [(11_025, 18_604, 26_999), (22_050, 37_208, 26_999), (44_100, 74_416, 26_999)])
    func length(rate: Int, samples: Int, expected: Int) async throws {
        let each = Case([Float](repeating: 0.25, count: samples), rate: Float(rate), isInteger: true)
        guard
            case .value(let theirs)? = try await Oracle.shared.ask("resample", [each], for: PackedTensor.self)
                .first
        else {
            Issue.record("librosa raised")
            return
        }
        #expect(theirs.shape == [expected])
        #expect(try RateChange(from: Double(rate)).apply(to: each.samples[...]).count == expected)
        #expect((Double(samples) * 16_000 / Double(rate)).rounded(.up) == Double(expected + 1))
    }

    @Test("rates that are none raise what librosa raises", arguments: [0, -5, .nan, -0.0] as [Float])
    func rates(rate: Float) async throws {
        for samples in [[], [0.5], [Float](repeating: 0.5, count: 100)] {
            let each = Case(samples, rate: rate)
            let answer = try await Oracle.shared.ask("resample", [each], for: PackedTensor.self).first
            let own = Outcome<PackedTensor> { () throws(UpstreamError) in
                _ = try RateChange(from: each.rate).apply(to: samples[...])
                return PackedTensor([Int]())
            }
            #expect(own == answer)
        }
    }

    @Test(
        "rates with which librosa never ends, or fills the memory, are refused in one sentence",
        arguments: [.infinity, 1e30, 1e-3, 0.5, 20_000_000])
    func absurd(rate: Double) throws {
        let error = #expect(throws: UpstreamError.self) {
            try RateChange(from: rate).apply(to: [0.5, 0.5])
        }
        #expect(error?.message.contains("no sound has a rate of") == true)
    }

    @Test("a sound that would grow beyond the limit is refused before anything is computed")
    func limit() {
        let error = #expect(throws: UpstreamError.self) {
            try RateChange(from: 1).apply(to: [Float](repeating: 0, count: 20_000)[...])
        }
        #expect(error?.message.contains("more than the limit of 268435456") == true)
    }

    @Test("a sound that streams through in pieces comes out as the whole does")
    func streaming() throws {
        var dice = Dice(seed: 3)
        let sound = RandomSound.speech.samples(50_000, &dice)
        let whole = try Resampler.resample(sound[...], from: 44_100, to: 16_000, count: 18_141)
        var resampler = try Resampler(from: 44_100, to: 16_000)
        var pieces: [Float] = []
        var start = 0
        while start < sound.count {
            let end = min(sound.count, start + dice.roll(1...7000))
            try sound[start..<end].withUnsafeBufferPointer { try resampler.append($0, to: &pieces) }
            start = end
        }
        try resampler.finish(&pieces)
        let isSame = pieces == whole
        #expect(isSame && pieces.count == 18_141)
    }
}
