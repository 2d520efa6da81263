internal import Foundation

/// What the spectra of frames of 40 ms every 20 ms show that have, under their window and without the first two bins,
/// a level within 40 dB of the loudest short frame's.
final class LongFrameMeter: FrameConsumer {
    let length: Int
    let hop: Int
    let offset = 0

    /// The power-weighted mean frequency, Hz.
    private(set) var centroids = Spread()
    /// The geometric mean of the power divided by the arithmetic one.
    private(set) var flatness = Spread()

    private let batch: FrameBatch
    private let threshold: Double
    private let meanSquareScale: Double
    private let binWidth: Double

    /// - Parameter loudest: the greatest level of a frame of 20 ms, dB.
    init(_ lengths: FrameLengths, loudest: Double) {
        (length, hop) = (lengths.long, lengths.short)
        threshold = loudest - 40
        let squares = HannWindow.periodic(length).reduce(0) { $0 + $1 * $1 }
        batch = FrameBatch(
            length: length, transformLength: FrameLengths.transformLength(atLeast: length), isWindowed: true)
        meanSquareScale = 2 / (Double(batch.transform.length) * squares)
        binWidth = Double(lengths.sampleRate) / Double(batch.transform.length)
    }

    func take(_ samples: UnsafePointer<Float>, count: Int) {
        batch.load(samples, hop: hop)
        // What lies in a frame's middle counts up to 4.3 dB more under the window.
        guard batch.levels.prefix(count).contains(where: { $0 > threshold - 5 }) else { return }
        batch.computePower()
        // The first two bins hold what is left of the mean.
        let bins = 2..<batch.power.count
        guard !bins.isEmpty else { return }
        var (sum, moment) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
        var logarithms = LogarithmSum()
        for bin in bins {
            let power = batch.power[bin] + 1e-30
            sum += power
            moment += power * Float(bin)
            logarithms.add(power)
        }
        let logs = logarithms.value
        for lane in 0..<count
        where Decibels.level(ofMeanSquare: Double(sum[lane]) * meanSquareScale) > threshold {
            centroids.add(Double(moment[lane] / sum[lane]) * binWidth)
            let mean = log2(Double(sum[lane]) / Double(bins.count))
            flatness.add(exp2(logs[lane] / Double(bins.count) - mean))
        }
    }
}

/// A sum of logarithms to base 2 that takes one logarithm for each hundred numbers: exponents are added, mantissas
/// multiplied.
private struct LogarithmSum {
    private var exponents = SIMD8<Int32>.zero
    private var mantissas = SIMD8<Float>(repeating: 1)
    private var factors = 0
    private var sum = SIMD8<Double>.zero

    /// Takes normal numbers above 0.
    mutating func add(_ values: SIMD8<Float>) {
        let bits = unsafeBitCast(values, to: SIMD8<UInt32>.self)
        exponents &+= SIMD8<Int32>(truncatingIfNeeded: bits &>> 23) &- 127
        mantissas *= unsafeBitCast(bits & 0x007F_FFFF | 0x3F80_0000, to: SIMD8<Float>.self)
        factors += 1
        if factors == 100 { fold() }
    }

    private mutating func fold() {
        for lane in 0..<8 { sum[lane] += log2(Double(mantissas[lane])) }
        mantissas = SIMD8(repeating: 1)
        factors = 0
    }

    var value: SIMD8<Double> {
        var copy = self
        copy.fold()
        for lane in 0..<8 { copy.sum[lane] += Double(exponents[lane]) }
        return copy.sum
    }
}
