/// Clicks that come back after a whole number of the codec's frames, as where chunks were decoded one by one.
///
/// At each boundary of frames of 40 ms the bend of the waveform (its second difference) is compared with the root mean
/// square of the bends around it. A period's figure is the least over its boundaries: one smooth boundary clears it.
final class SeamMeter: FrameConsumer {
    let length: Int
    let hop: Int
    let offset: Int

    /// Frames of the longest period, 5.12 s.
    private static let longest = 128
    /// Boundaries that a period must have.
    private static let fewest = 4

    private var boundary = 1
    /// For each period and phase the number of boundaries and the least figure.
    private var found: [[(count: Int, least: Float)]] = (0...longest).map { period in
        Array(repeating: (0, .infinity), count: period)
    }

    init(_ lengths: FrameLengths) {
        hop = lengths.long
        length = lengths.long
        offset = lengths.long / 2
    }

    func take(_ samples: UnsafePointer<Float>, count: Int) {
        for frame in 0..<count {
            measure(UnsafeBufferPointer(start: samples + frame * hop, count: length))
            boundary += 1
        }
    }

    private func measure(_ samples: UnsafeBufferPointer<Float>) {
        let middle = length / 2
        guard middle > 2, length > middle + 2 else { return }
        var (squares, energy) = (Float(0), Float(0))
        for index in 2..<length {
            let bend = samples[index] - 2 * samples[index - 1] + samples[index - 2]
            squares += bend * bend
            energy += samples[index] * samples[index]
        }
        // Where it is silent there is nothing to hear.
        guard energy > 1e-5 * Float(length), squares > 0 else { return }
        var sharpest: Float = 0
        for index in middle...middle + 1 {
            sharpest = max(sharpest, abs(samples[index] - 2 * samples[index - 1] + samples[index - 2]))
        }
        let figure = sharpest / (squares / Float(length - 2)).squareRoot()
        for period in 1...Self.longest {
            let phase = boundary % period
            found[period][phase].count += 1
            found[period][phase].least = min(found[period][phase].least, figure)
        }
    }

    /// The greatest figure of all periods, and the shortest period that has it, in frames; nil for too short a sound.
    var sharpest: (figure: Double, period: Int)? {
        var best: (figure: Double, period: Int)?
        for (period, phases) in found.enumerated() {
            for (count, least) in phases where count >= Self.fewest && Double(least) > best?.figure ?? 0 {
                best = (Double(least), period)
            }
        }
        return best
    }
}
