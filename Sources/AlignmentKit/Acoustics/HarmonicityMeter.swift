internal import Foundation

/// How periodic active frames of 40 ms are: the greatest correlation of a frame with itself between 1/450 and 1/60 s
/// later. A voice has 0.5 to 0.98, noise less, a machine's tone more.
final class HarmonicityMeter: FrameConsumer {
    let length: Int
    let hop: Int
    let offset = 0

    private var peaks = Histogram(over: 0...1, width: 0.0005)
    private let batch: FrameBatch
    private let lags: ClosedRange<Int>
    private let activity: ActivityMeter
    private let sums: UnsafeMutableBufferPointer<SIMD8<Float>>

    /// - Parameter loud: the 95th percentile of the short frames' levels, dB.
    init(_ lengths: FrameLengths, loud: Double) {
        (length, hop) = (lengths.long, lengths.long)
        activity = ActivityMeter(loud: loud)
        let rate = Double(lengths.sampleRate)
        let longest = max(1, min(Int(rate / 60), length - 1))
        lags = min(Int((rate / 450).rounded(.up)), longest)...longest
        batch = FrameBatch(
            length: length,
            transformLength: FrameLengths.transformLength(atLeast: length + lags.upperBound),
            isWindowed: false)
        sums = .allocate(capacity: lags.upperBound + 1)
        sums.initialize(repeating: .zero)
    }

    deinit { sums.deallocate() }

    func take(_ samples: UnsafePointer<Float>, count: Int) {
        batch.load(samples, hop: hop)
        let active = batch.levels.prefix(count).map(activity.isActive)
        guard active.contains(true) else { return }
        batch.computePower()
        batch.transform.correlate(batch.power, into: sums)
        let total = sums[0]
        let least = total * 1e-6
        // The energies of a frame without its last and without its first samples.
        var (head, tail) = (total, total)
        var best = SIMD8<Float>.zero
        for lag in 1...lags.upperBound {
            head -= batch.rows[length - lag] * batch.rows[length - lag]
            tail -= batch.rows[lag - 1] * batch.rows[lag - 1]
            guard lag >= lags.lowerBound else { continue }
            head.replace(with: least, where: head .< least)
            tail.replace(with: least, where: tail .< least)
            let correlation = sums[lag] / (head * tail).squareRoot()
            best.replace(with: correlation, where: correlation .> best)
        }
        for (lane, isActive) in active.enumerated() where isActive { peaks.add(min(1, Double(best[lane]))) }
    }

    /// The median over active frames; nil for none.
    var median: Double? { peaks.quantile(0.5) }
}
