internal import CSpectrum

/// The share of the envelope's modulation from 2 to 8 Hz, where syllables come, in that from 0.3 to 40 Hz.
///
/// The envelope is the level of frames of 20 ms every 10 ms as a root mean square. Its power spectrum is taken
/// without the mean under a Hann window, over all of a sound of at most 1,024 frames, else summed over such
/// stretches that overlap by half.
final class ModulationMeter {
    private static let stretch = 1024
    private let frameRate: Double
    private let plan: OpaquePointer
    private var envelope: [Double] = []
    private var unused = 0
    private var within = 0.0
    private var all = 0.0

    init(frameRate: Double) {
        self.frameRate = frameRate
        plan = spectrum_plan_make(Self.stretch)
    }

    deinit { spectrum_plan_free(plan) }

    func add(rootMeanSquare value: Double) {
        envelope.append(value)
        unused += 1
        guard envelope.count == Self.stretch else { return }
        take()
        envelope.removeFirst(Self.stretch / 2)
        unused = 0
    }

    /// The share; nil for an envelope that does not move.
    func share() -> Double? {
        // The rest lies in the second half of the last stretch, or is all there is.
        if unused > 0 { take() }
        return all > 0 ? within / all : nil
    }

    private func take() {
        let mean = envelope.reduce(0, +) / Double(envelope.count)
        let window = HannWindow.inner(envelope.count)
        var samples = [Double](repeating: 0, count: Self.stretch)
        for (index, value) in envelope.enumerated() { samples[index] = (value - mean) * window[index] }
        var power = [Double](repeating: 0, count: Self.stretch / 2 + 1)
        spectrum_power(plan, samples, &power)
        for (bin, value) in power.enumerated() {
            let frequency = Double(bin) * frameRate / Double(Self.stretch)
            guard (0.3...40).contains(frequency) else { continue }
            all += value
            if (2...8).contains(frequency) { within += value }
        }
    }
}
