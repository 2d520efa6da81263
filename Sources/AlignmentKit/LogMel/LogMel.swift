internal import CSpectrum
internal import Dispatch
internal import Foundation

/// Whisper's log-mel features of windows of 30 s at 16 kHz.
///
/// A window that is shorter is filled up with zeros, one that is longer is cut. Everything is computed in
/// binary64, each frame for itself, so the result does not depend on the number of threads.
///
/// Source: transformers 4.46 `models/whisper/feature_extraction_whisper.py`, `WhisperFeatureExtractor`:
/// frames of 400 samples every 160 under a periodic Hann window, the ends reflected; power spectrum; mel
/// filters; log10, at least -10 and at least the largest value - 8; plus 4, divided by 4.
public struct LogMel: Sendable {
    /// Samples per second of the sound.
    public static let sampleRate = 16_000
    /// Samples of a window.
    public static let windowSamples = 480_000
    /// Samples from frame to frame.
    public static let hop = 160
    /// Frames of a window.
    public static let frames = 3000

    private static let transform = 400
    private static let log10Of2 = 0.301_029_995_663_981_195_2

    /// Mel bins, 80 or 128 in the released Whisper models.
    public let bins: Int
    private let filters: [MelFilters.Filter]
    private let window: [Double]

    /// Features of this many mel bins, at least 1.
    public init(bins: Int) {
        precondition(bins > 0, "no mel bins")
        self.bins = bins
        filters =
            MelFilters(
                bins: bins, samples: Self.transform, sampleRate: Double(Self.sampleRate)
            ).filters
        window = (0..<Self.transform).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(Self.transform)) }
    }

    /// The features of each window, [window, bin, frame] in one array.
    ///
    /// A window with a sample that is not finite, or so large that its power is not a binary32, is NaN
    /// everywhere, as upstream's is: its largest value is.
    ///
    /// - Parameter threads: windows that are computed at once.
    public func features(of windows: [ArraySlice<Float>], threads: Int = 1) -> [Float] {
        let size = bins * Self.frames
        return Array(unsafeUninitializedCapacity: windows.count * size) { buffer, count in
            let output = Output(base: buffer.baseAddress)
            let workers = max(1, min(threads, windows.count))
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                guard let base = output.base else { return }
                for index in stride(from: worker, to: windows.count, by: workers) {
                    write(windows[index], to: base + index * size)
                }
            }
            count = windows.count * size
        }
    }

    /// Where the workers write, each at places of its own.
    private struct Output: @unchecked Sendable {
        let base: UnsafeMutablePointer<Float>?
    }

    private func write(_ samples: ArraySlice<Float>, to output: UnsafeMutablePointer<Float>) {
        let sound = samples.prefix(Self.windowSamples)
        // Frames after the sound see only zeros: nothing is transformed there.
        let heard = min(Self.frames, (sound.count + Self.transform / 2 + Self.hop - 1) / Self.hop)
        guard var logs = logarithms(of: sound, frames: heard) else {
            output.initialize(repeating: .nan, count: bins * Self.frames)
            return
        }
        let silence = heard < Self.frames ? -10 : -Double.infinity
        let floor = max(logs.max() ?? -10, silence) - 8
        for index in logs.indices { logs[index] = (max(logs[index], floor) + 4) / 4 }
        let rest = Float((max(silence, floor) + 4) / 4)
        for bin in 0..<bins {
            let row = output + bin * Self.frames
            for frame in 0..<heard { (row + frame).initialize(to: Float(logs[frame * bins + bin])) }
            (row + heard).initialize(repeating: rest, count: Self.frames - heard)
        }
    }

    /// log10 of the mel powers, [frame, bin]; nil if a power is not a finite binary32.
    private func logarithms(of sound: ArraySlice<Float>, frames: Int) -> [Double]? {
        let plan = spectrum_plan_make(Self.transform)
        defer { spectrum_plan_free(plan) }
        var frame = [Double](repeating: 0, count: Self.transform)
        var power = [Double](repeating: 0, count: Self.transform / 2 + 1)
        var logs: [Double] = []
        logs.reserveCapacity(frames * bins)
        for index in 0..<frames {
            fill(&frame, from: sound, at: index * Self.hop - Self.transform / 2)
            spectrum_power(plan, frame, &power)
            guard power.allSatisfy({ $0 <= Double(Float.greatestFiniteMagnitude) }) else { return nil }
            for filter in filters {
                var sum = 0.0
                for (offset, weight) in filter.weights.enumerated() {
                    sum += weight * power[filter.start + offset]
                }
                // In glibc half of log10's time, and as near.
                logs.append(log2(max(sum, 1e-10)) * Self.log10Of2)
            }
        }
        return logs
    }

    /// One windowed frame from a position of the sound; positions beyond the window's ends are reflected.
    private func fill(_ frame: inout [Double], from sound: ArraySlice<Float>, at start: Int) {
        let first = sound.startIndex
        if start >= 0, start + Self.transform <= sound.count {
            for offset in 0..<Self.transform {
                frame[offset] = window[offset] * Double(sound[first + start + offset])
            }
            return
        }
        for offset in 0..<Self.transform {
            var position = abs(start + offset)
            if position >= Self.windowSamples { position = 2 * Self.windowSamples - 2 - position }
            frame[offset] =
                position < sound.count ? window[offset] * Double(sound[first + position]) : 0
        }
    }
}
