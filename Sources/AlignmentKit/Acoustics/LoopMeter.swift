internal import Foundation

/// How much a sound repeats itself: the correlation of its log-mel spectrogram with itself some time later.
///
/// The spectrogram has 40 bands in frames of 20 ms, with a floor (`MelBands.floored`), without each band's mean.
/// It is looked at in stretches of 12 s that overlap by half. A correlation counts as a repetition only where it
/// rises again: at least 0.5 above the least at any shorter lag. A drone's falls and does not rise.
struct LoopMeter: Sendable {
    /// The greatest correlation at which the sound comes back, and after how many frames it first does so about as well.
    private(set) var best: (correlation: Double, lag: Int)?

    private static let stretch = 600
    private static let least = 8
    private static let rise: Float = 0.5
    /// Active frames without which a stretch is not looked at: 1 s.
    private static let leastActive = 50
    private static let rows = MelBands.count / 8

    private var frames: [[SIMD8<Float>]] = []
    private var isActive: [Bool] = []
    private var unused = 0

    /// Takes one frame's band levels, dB.
    mutating func add(_ levels: [SIMD8<Float>], isActive: Bool) {
        frames.append(levels)
        self.isActive.append(isActive)
        unused += 1
        guard frames.count == Self.stretch else { return }
        take()
        frames.removeFirst(Self.stretch / 2)
        self.isActive.removeFirst(Self.stretch / 2)
        unused = 0
    }

    /// Takes what has not been looked at.
    mutating func finish() { if unused > 0 { take() } }

    private mutating func take() {
        guard frames.count > 2 * Self.least, isActive.count(where: { $0 }) >= Self.leastActive else { return }
        let count = frames.count
        let (products, energy) = products()
        var lowest: Float = 1
        var found: [(correlation: Double, lag: Int)] = []
        for lag in 1...count / 2 {
            let scale = (energy[count - lag] * (energy[count] - energy[lag])).squareRoot()
            let correlation = scale > 0 ? products[lag] / scale : 0
            if lag >= Self.least, correlation - lowest >= Self.rise {
                found.append((Double(correlation), lag))
            }
            lowest = min(lowest, correlation)
        }
        // What comes back after one period comes back after two, about as well.
        guard let greatest = found.map(\.correlation).max(), greatest > best?.correlation ?? 0,
            let first = found.first(where: { $0.correlation >= greatest - 0.01 })
        else { return }
        best = (min(1, greatest), first.lag)
    }

    /// The sums of the products of frames some lag apart, for each lag, and the sums of squares up to each frame.
    private func products() -> (products: [Float], energy: [Float]) {
        let count = frames.count
        let centred = centredFrames()
        let lags = count / 2 + 1
        let transform = LaneTransform(length: FrameLengths.transformLength(atLeast: count + lags))
        let buffers = [count, transform.length / 2 + 1, transform.length / 2 + 1, lags].map { size in
            let rows = LaneTransform.Rows.allocate(capacity: size)
            rows.initialize(repeating: .zero)
            return rows
        }
        defer { for rows in buffers { rows.deallocate() } }
        let (rows, power, sum, sums) = (buffers[0], buffers[1], buffers[2], buffers[3])
        // The spectra of all bands are summed before one of them is turned back.
        for part in 0..<Self.rows {
            for frame in 0..<count { rows[frame] = centred[frame * Self.rows + part] }
            transform.power(of: rows, into: power)
            for bin in power.indices { sum[bin][0] += power[bin].sum() }
        }
        transform.correlate(sum, into: sums)
        var energy: [Float] = [0]
        for frame in 0..<count {
            let squares = (0..<Self.rows).reduce(SIMD8<Float>.zero) { sum, part in
                let row = centred[frame * Self.rows + part]
                return sum + row * row
            }
            energy.append(energy[frame] + squares.sum())
        }
        return (sums.map { $0[0] }, energy)
    }

    /// The floor is put in, and each band's mean is taken out.
    private func centredFrames() -> [SIMD8<Float>] {
        var rows = MelBands.floored(frames).flatMap { $0 }
        for row in 0..<Self.rows {
            var mean = SIMD8<Float>.zero
            for frame in frames.indices { mean += rows[frame * Self.rows + row] }
            mean /= Float(frames.count)
            for frame in frames.indices { rows[frame * Self.rows + row] -= mean }
        }
        return rows
    }
}
