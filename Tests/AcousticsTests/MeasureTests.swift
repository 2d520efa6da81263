import AlignmentKit
import Foundation
import TestSupport
import Testing

/// Every measure against numpy, scipy and librosa.
@Suite("Measures of sound against an independent implementation")
struct MeasureTests {
    private static let script =
        URL(filePath: #filePath).deletingLastPathComponent().path + "/Oracle/measures.py"

    /// How far each measure may be from the other implementation's: absolutely, or as a share of it.
    private static let bounds: [String: (absolute: Double, share: Double)] = [
        "samples": (0, 0), "seconds": (1e-12, 0), "frames": (1e-9, 0), "non_finite": (0, 0),
        "mean_square": (1e-13, 1e-6), "ac_energy": (1e-13, 1e-6), "rms_dbfs": (1e-5, 0),
        "peak_dbfs": (1e-5, 0),
        "dc_offset": (1e-7, 0), "distinct_values": (10, 1e-3), "clipped_share": (0, 1e-12),
        "longest_clipped_run": (0, 0), "beyond_full_scale": (0, 0), "wraps": (0, 0), "jumps": (0, 0),
        "loudness_lufs": (1e-4, 0),
        // A histogram's bin has 0.01 dB.
        "loud_level_dbfs": (0.011, 0), "end_level_db": (0.011, 0),
        "active_ratio": (0, 0), "leading_silence": (1e-9, 0), "trailing_silence": (1e-9, 0),
        "longest_gap": (1e-9, 0),
        "crossing_deviation": (1e-4, 0), "mel_flux": (0.003, 0), "modulation_share": (1e-3, 0),
        "harmonicity": (0.001, 0), "syllable_rate": (1e-9, 0), "centroid_deviation": (0.01, 2e-4),
        "spectral_flatness": (1e-5, 1e-4), "loop": (1e-4, 0), "loop_period": (1e-9, 0), "seam": (1e-5, 2e-3),
        "seam_period": (1e-9, 0),
    ]

    /// Measures of frames that a threshold picks; and how near a frame may come to it, dB, before it is chance on which
    /// side it lies.
    private static let thresholded: Set = [
        "active_ratio", "leading_silence", "trailing_silence", "longest_gap", "crossing_deviation",
        "mel_flux",
        "harmonicity", "syllable_rate", "centroid_deviation", "spectral_flatness", "loop", "loop_period",
    ]
    private static let edge = 0.012

    private func compare(_ files: [String]) throws {
        let printed = try Python.run(arguments: ["-W", "ignore", Self.script, "measure"] + files)
        let lines = String(decoding: printed, as: UTF8.self).split(separator: "\n")
        try #require(lines.count == files.count)
        var compared: [String: Int] = [:]
        var onEdge = 0
        for (file, line) in zip(files, lines) {
            let theirs = try #require(
                JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let measures = try SoundMeter(withTruePeak: true).measure(file)
            let ours = try #require(
                JSONSerialization.jsonObject(with: try JSONText.encode(measures)) as? [String: Any])
            let margin = try #require((theirs["margin"] as? NSNumber)?.doubleValue)
            if margin < Self.edge { onEdge += 1 }
            for (name, bound) in Self.bounds where margin >= Self.edge || !Self.thresholded.contains(name) {
                let (left, right) = (
                    (ours[name] as? NSNumber)?.doubleValue, (theirs[name] as? NSNumber)?.doubleValue
                )
                #expect(
                    (left == nil) == (right == nil), "\(name) of \(file): \(left as Any), \(right as Any)")
                guard let left, let right else { continue }
                compared[name, default: 0] += 1
                let error = abs(left - right)
                #expect(
                    error <= bound.absolute + bound.share * abs(right),
                    "\(name) of \(file): \(left), \(right)")
            }
            // libebur128 takes four times the samples, the other eight times: a peak between them is missed.
            if let peak = measures.peakDbfs, let truePeak = measures.truePeakDbtp,
                let most = (theirs["true_peak_dbtp"] as? NSNumber)?.doubleValue
            {
                #expect(
                    truePeak >= peak - 0.1 && truePeak <= most + 0.5, "\(file): \(peak), \(truePeak), \(most)"
                )
            }
        }
        for name in Self.bounds.keys { #expect(compared[name, default: 0] > 0, "\(name) was never compared") }
        #expect(onEdge <= files.count / 5, "\(onEdge) sounds with a frame at a threshold")
    }

    @Test("real sound")
    func real() throws { try compare(RealSoundTests.rows.map(\.path)) }

    @Test("random sounds of every rate, encoding and number of channels")
    func random() throws {
        let environment = ProcessInfo.processInfo.environment
        let isLong = environment["HIGGS_TIER"] == "all"
        let count = isLong ? 2000 : 200
        let seed = environment["HIGGS_SEED"].flatMap(Int.init) ?? (isLong ? .random(in: 1...1_000_000) : 2306)
        print("sounds: HIGGS_SEED=\(seed)")
        let scratch = try Scratch()
        let made = try Python.run(arguments: [Self.script, "make", scratch.path, "\(seed)", "\(count)"])
        let files = String(decoding: made, as: UTF8.self).split(separator: "\n").map(String.init)
        try #require(files.count == count)
        try compare(files)
    }

    @Test("a sound that is read twice has the figures of one that is kept")
    func keptOrNot() throws {
        let sounds = try Sounds()
        let speech = try Sounds.speech()
        let file = try sounds.write([
            speech + Sounds.noise(100_000, 0.001) + speech, Sounds.noise(2 * speech.count + 100_000, 0.01),
        ])
        let kept = try SoundMeter().measure(file)
        var meter = SoundMeter()
        meter.mostKeptSamples = 1000
        #expect(try meter.measure(file) == kept)
    }
}
