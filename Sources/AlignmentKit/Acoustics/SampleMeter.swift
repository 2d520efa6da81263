/// What the samples of one channel are, each for itself and next to its neighbours.
struct SampleMeter: Sendable {
    private(set) var count = 0
    private(set) var least = Float.infinity
    private(set) var greatest = -Float.infinity
    /// Samples at full scale or beyond.
    private(set) var clippedCount = 0
    private(set) var longestClippedRun = 0
    /// Samples beyond full scale, which only floats can be.
    private(set) var overCount = 0
    /// Jumps from one end of the scale to the other where the sound went on beyond it.
    private(set) var wrapCount = 0
    /// Neighbouring samples that are more than 1 apart.
    private(set) var jumpCount = 0
    /// Levels of frames of 20 ms every 10 ms without their mean, dB.
    private(set) var levels = Histogram(over: -200...100, width: 0.01)
    private(set) var loudestLevel = -Double.infinity

    private let lengths: FrameLengths
    private var isSeen = [UInt8](repeating: 0, count: 65537)
    private var sum = 0.0
    private var sumOfSquares = 0.0
    private var step = StepSums()
    private var previousStep: StepSums?
    private var clippedRun = 0
    private var before: (Float, Float) = (0, 0)
    private var tail: [Float] = []

    private struct StepSums {
        var count = 0
        var sum = 0.0
        var squares = 0.0

        static func + (left: StepSums, right: StepSums) -> StepSums {
            StepSums(
                count: left.count + right.count, sum: left.sum + right.sum,
                squares: left.squares + right.squares)
        }

        var level: Double { Decibels.level(ofMeanSquare: variance) }

        private var variance: Double {
            let mean = sum / Double(max(count, 1))
            return max(0, squares / Double(max(count, 1)) - mean * mean)
        }
    }

    /// What counts as full scale: 16-bit sound reaches 32767 / 32768 upwards.
    static let fullScale: Float = 0.999

    init(_ lengths: FrameLengths) { self.lengths = lengths }

    /// Takes the next samples, all of them finite.
    mutating func add(_ block: UnsafeBufferPointer<Float>) {
        var start = 0
        while start < block.count {
            let length = min(lengths.step - step.count, block.count - start)
            addPart(UnsafeBufferPointer(rebasing: block[start..<start + length]))
            start += length
            if step.count == lengths.step { endStep() }
        }
        count += block.count
        tail = (tail + block.suffix(lengths.long)).suffix(lengths.long)
    }

    /// At most a step of 10 ms.
    private mutating func addPart(_ part: UnsafeBufferPointer<Float>) {
        let sums = LaneSums(part)
        step.count += part.count
        step.sum += sums.sum
        step.squares += sums.squares
        sum += sums.sum
        sumOfSquares += sums.squares
        least = min(least, sums.least)
        greatest = max(greatest, sums.greatest)
        isSeen.withUnsafeMutableBufferPointer { isSeen in
            // Rounded by the conversion, because no call is as cheap.
            for sample in part { isSeen[Int(max(0, min(65536, sample * 32768 + 32768.5)))] = 1 }
        }
        let peak = max(-sums.least, sums.greatest)
        if peak >= Self.fullScale || clippedRun > 0 { countClipped(part) }
        // Before the first sample there is none to jump from.
        if count == 0, previousStep == nil, step.count == part.count { before = (part[0], part[0]) }
        if max(peak, abs(before.1)) > 0.5 { countWraps(part) }
        if part.count > 1 {
            before = (part[part.count - 2], part[part.count - 1])
        } else {
            before = (before.1, part[0])
        }
    }

    private mutating func countClipped(_ part: UnsafeBufferPointer<Float>) {
        for sample in part {
            if abs(sample) >= Self.fullScale {
                clippedCount += 1
                clippedRun += 1
                longestClippedRun = max(longestClippedRun, clippedRun)
                if abs(sample) > 1 { overCount += 1 }
            } else {
                clippedRun = 0
            }
        }
    }

    /// A line through the two samples before leaves the scale near its end, and the sample lies where that line comes
    /// in again at the other end.
    private mutating func countWraps(_ part: UnsafeBufferPointer<Float>) {
        var (second, first) = before
        for sample in part {
            if abs(sample - first) > 1 { jumpCount += 1 }
            let next = 2 * first - second
            if abs(first) > 0.75, abs(next) > 1, first * next > 0 {
                let wrapped = next > 0 ? next - 2 : next + 2
                if sample * first < 0, abs(sample - wrapped) < 0.25 { wrapCount += 1 }
            }
            (second, first) = (first, sample)
        }
    }

    private mutating func endStep() {
        if let previousStep { add(level: (previousStep + step).level) }
        previousStep = step
        step = StepSums()
    }

    private mutating func add(level: Double) {
        levels.add(level)
        loudestLevel = max(loudestLevel, level)
    }

    /// Makes one frame of a sound that is too short for a whole one, filled up with zeros.
    mutating func finish() {
        guard levels.total == 0, count > 0 else { return }
        var padded = (previousStep ?? StepSums()) + step
        padded.count = lengths.short
        add(level: padded.level)
    }

    /// Different samples on the grid of 16-bit integers.
    var distinctCount: Int { isSeen.reduce(0) { $0 + Int($1) } }

    var mean: Double { count > 0 ? sum / Double(count) : 0 }
    var meanSquare: Double { count > 0 ? sumOfSquares / Double(count) : 0 }
    /// The mean square without the mean; of samples that are all the same exactly 0.
    var acEnergy: Double { least < greatest ? max(0, meanSquare - mean * mean) : 0 }
    var peak: Double { count > 0 ? Double(max(abs(least), abs(greatest))) : 0 }

    /// The level of the last 40 ms without their mean, dB.
    var endLevel: Double {
        // The mean first, because a constant end is no louder for its offset.
        let mean = tail.reduce(0) { $0 + Double($1) } / Double(max(1, tail.count))
        let squares = tail.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        return Decibels.level(ofMeanSquare: squares / Double(max(1, tail.count)))
    }
}

/// Sums over a few hundred samples, in lanes.
private struct LaneSums {
    var sum = 0.0
    var squares = 0.0
    var least = Float.infinity
    var greatest = -Float.infinity

    init(_ part: UnsafeBufferPointer<Float>) {
        let whole = part.count / 8
        if whole > 0, let base = UnsafeRawPointer(part.baseAddress) {
            // In binary64, so that what moves around a large mean is not lost.
            var (sums, squares) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
            var (low, high) = (SIMD8<Float>(repeating: .infinity), SIMD8<Float>(repeating: -.infinity))
            for row in 0..<whole {
                let samples = base.loadUnaligned(fromByteOffset: 32 * row, as: SIMD8<Float>.self)
                let wide = SIMD8<Double>(samples)
                sums += wide
                squares += wide * wide
                low.replace(with: samples, where: samples .< low)
                high.replace(with: samples, where: samples .> high)
            }
            sum = sums.sum()
            self.squares = squares.sum()
            least = low.min()
            greatest = high.max()
        }
        for sample in part[(8 * whole)...] {
            sum += Double(sample)
            squares += Double(sample) * Double(sample)
            least = min(least, sample)
            greatest = max(greatest, sample)
        }
    }
}
