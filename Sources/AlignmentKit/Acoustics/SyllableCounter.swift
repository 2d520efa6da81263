internal import Foundation

/// Counts the peaks of the envelope between 300 and 3400 Hz that stand out by 3 dB and lie 80 ms apart: about one
/// for each syllable.
///
/// The envelope is the root of the band's mean square in frames of 20 ms every 10 ms, smoothed over seven frames.
struct SyllableCounter: Sendable {
    /// Hz.
    static let band = 300.0...3400.0
    private static let prominence = 3.0
    private static let distance = 8
    private static let reach = 3
    private static let weights: [Double] = {
        let window = HannWindow.inner(2 * reach + 1)
        let sum = window.reduce(0, +)
        return window.map { $0 / sum }
    }()

    /// Peaks so far.
    private(set) var count = 0

    private var values: [(amplitude: Double, isActive: Bool)] = []
    private var next = 0
    private var base = 0
    private var isRising = false
    private var low = Double.infinity
    private var high = (level: -Double.infinity, frame: 0, isActive: false)
    private var last: (level: Double, frame: Int)?

    mutating func add(meanSquare: Double, isActive: Bool) {
        values.append((meanSquare.squareRoot(), isActive))
        while next + Self.reach < base + values.count { step() }
        let spare = next - Self.reach - base - 1
        if spare > 256 {
            values.removeFirst(spare)
            base += spare
        }
    }

    /// Takes the end of the sound for its last value.
    mutating func finish() { while next < base + values.count { step() } }

    private mutating func step() {
        defer { next += 1 }
        var amplitude = 0.0
        for (offset, weight) in Self.weights.enumerated() {
            amplitude += weight * value(at: next + offset - Self.reach).amplitude
        }
        let level = 20 * log10(max(amplitude, 1e-5))
        if isRising {
            if level > high.level {
                let isActive = (next - 1...next + 1).contains { value(at: $0).isActive }
                high = (level, next, isActive)
            } else if level <= high.level - Self.prominence {
                takePeak()
                isRising = false
                low = level
            }
        } else {
            low = min(low, level)
            if level >= low + Self.prominence {
                isRising = true
                high = (level, next, (next - 1...next + 1).contains { value(at: $0).isActive })
            }
        }
    }

    /// The first or last value beyond the ends.
    private func value(at frame: Int) -> (amplitude: Double, isActive: Bool) {
        values[min(max(frame - base, 0), values.count - 1)]
    }

    private mutating func takePeak() {
        guard high.isActive else { return }
        if let last, high.frame - last.frame < Self.distance {
            if high.level > last.level { self.last = (high.level, high.frame) }
        } else {
            last = (high.level, high.frame)
            count += 1
        }
    }
}
