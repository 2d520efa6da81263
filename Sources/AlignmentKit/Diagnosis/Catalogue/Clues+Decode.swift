import AlignmentCodec
import AlignmentJSON
import AlignmentStages
import AlignmentTensors
import Foundation

extension Clues {
    private var codebookCount: Int { sample.decode?.facts.map(\.rows).max() ?? model.audioNumCodebooks }

    /// Fewer codebooks than there are.
    var quantizers: [[String: JSONValue]] {
        (1..<max(codebookCount, 1)).reversed().map { ["decode.n_quantizers": .integer($0)] }
    }

    /// The other precisions.
    var precisions: [[String: JSONValue]] {
        CodecPrecision.allCases.filter { $0 != profile.decode.dtype }.map { ["decode.dtype": $0.json] }
    }

    /// Samples as the file has them, or else as the codec gave them, on both sides.
    private var sounds: [(captured: [Float], expected: [Float])] {
        let expected = DecodeStage.filed(waveforms.map(\.expected), under: profile.decode).flatMap { $0 }
        if sample.written.count == 1, let written = sample.written[0].floatSamples, !expected.isEmpty,
            waveforms.allSatisfy({ $0.captured.count == $0.expected.count })
        {
            return waveforms + [(written, expected)]
        }
        return waveforms
    }

    /// Factors between both sides: by least squares, the nearest of those that pipelines use, and the peak.
    var scales: [[String: JSONValue]] {
        var factors: [JSONValue] = [.string("peak")]
        for (captured, expected) in sounds where captured.count == expected.count {
            var (product, power) = (0.0, 0.0)
            for (left, right) in zip(captured, expected) {
                product += Double(left) * Double(right)
                power += Double(right) * Double(right)
            }
            guard power > 0, product.isFinite else { continue }
            let factor = product / power
            let known = [32767, 32768, 1 / 32767, 1 / 32768, -1, 0.5, 2, 0.25, 4, 0.1, 10, 0.95, 0.9, 0.8]
                .min { abs($0 / factor - 1) < abs($1 / factor - 1) }
            if let known, abs(known / factor - 1) < 0.02 { factors.append(known.json) }
            factors.append(Double(Float(factor)).json)
        }
        // A full scale that clips hides its factor.
        factors += [32767, 32768, -1].map { Double($0).json }
        return factors.flatMap { factor in
            ["codec", "file"].map { ["decode.output_scale": factor, "decode.scale_at": .string($0)] }
        }
    }

    /// Samples that wrap around, where there are some beyond full scale.
    var wraps: [[String: JSONValue]] {
        waveforms.contains { $0.expected.contains { abs($0) >= 1 } }
            ? [["decode.overflow": .string("wrap")]] : []
    }

    /// Samples cut off or padded, found by where the remaining ones stand.
    var trims: [[String: JSONValue]] {
        for (captured, expected) in sounds where captured.count != expected.count {
            let start = offset(of: captured, in: expected)
            let end = expected.count - captured.count - start
            return ["codec", "file"].map {
                [
                    "decode.trim": .array([.integer(start), .integer(end)]),
                    "decode.trim_at": .string($0),
                ]
            }
        }
        return []
    }

    /// How many samples of one sound stand before another; negative where the other began earlier.
    private func offset(of found: [Float], in whole: [Float]) -> Int {
        guard !found.isEmpty, !whole.isEmpty else { return 0 }
        let lost = whole.count - found.count
        let length = min(256, found.count, whole.count)
        // The loudest stretch of the shorter sound is found again in the longer one.
        let (short, long) = lost >= 0 ? (found, whole) : (whole, found)
        let peak = short.indices.max { abs(short[$0]) < abs(short[$1]) } ?? 0
        let anchor = min(max(peak - length / 2, 0), short.count - length)
        // By correlation, so that a scale does not hide it.
        var best = (likeness: 0.0, at: 0)
        for shift in 0...(long.count - short.count) {
            var (product, power) = (0.0, 0.0)
            for index in 0..<length {
                let value = Double(long[anchor + shift + index])
                product += Double(short[anchor + index]) * value
                power += value * value
            }
            let likeness = power > 0 ? abs(product) / power.squareRoot() : 0
            if likeness > best.likeness { best = (likeness, shift) }
        }
        return lost >= 0 ? best.at : -best.at
    }
}
