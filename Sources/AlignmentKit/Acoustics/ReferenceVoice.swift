public import AlignmentAudio
internal import AlignmentWording
internal import Foundation

/// The recording in whose voice a sound was to be spoken.
public struct ReferenceVoice: Sendable {
    private let measures: SoundMeasures
    private let spectrogram: VoiceSpectrogram

    /// Measures a recording, of which the first 30 s are compared.
    public init(_ file: String) throws(SoundError) {
        measures = try SoundMeter().measure(file)
        spectrogram = try VoiceSpectrogram(file, channel: measures.loudestChannel)
    }

    /// Compares a sound with the recording; nil if one of them has no active frame.
    public func compare(_ file: String, _ measures: SoundMeasures) throws(SoundError) -> ReferenceComparison?
    {
        let other = try VoiceSpectrogram(file, channel: measures.loudestChannel)
        guard let left = spectrogram.longTerm, let right = other.longTerm,
            let leftLevel = self.measures.loudLevelDbfs, let rightLevel = measures.loudLevelDbfs
        else { return nil }
        let difference = zip(left, right).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(left.count)
        var rate: Double?
        if let spoken = measures.syllableRate, let theirs = self.measures.syllableRate, theirs > 0 {
            rate = spoken / theirs
        }
        let start = spectrogram.place(of: other)
        return ReferenceComparison(
            levelDb: rightLevel - leftLevel, syllableRateRatio: rate, spectrumDb: difference,
            startCorrelation: start?.correlation, startPlace: start.map { $0.seconds })
    }
}

/// A sound against the recording in whose voice it was to be spoken.
public struct ReferenceComparison: Sendable, Equatable, Codable {
    /// The loud level against the recording's, dB.
    public var levelDb: Double
    /// The syllable rate divided by the recording's.
    public var syllableRateRatio: Double?
    /// Mean difference of the long-term mel spectra, each without its own mean level, dB.
    public var spectrumDb: Double
    /// The greatest correlation of the sound's first 2 active seconds with 2 s of the recording, log-mel, -1 ... 1.
    public var startCorrelation: Double?
    /// Where in the recording that is, seconds.
    public var startPlace: Double?

    /// Whether the recording itself is heard at the sound's beginning.
    public var isHeardAtStart: Bool { (startCorrelation ?? 0) >= 0.8 }

    /// What this says, in a sentence.
    public var sentence: String {
        var parts = [
            "against the reference the level is \(number(levelDb)) dB, the spectrum differs by \(number(spectrumDb)) dB"
        ]
        if let syllableRateRatio {
            parts.append("the syllable rate is \(number(syllableRateRatio)) times its")
        }
        if isHeardAtStart, let startPlace {
            parts.append("the reference is heard at the start, from its second \(number(startPlace)) on")
        }
        let text = parts.joined(separator: "; ")
        return text.prefix(1).uppercased() + text.dropFirst() + "."
    }
}

/// The beginning of a sound, as a log-mel spectrogram with a floor 40 dB below its loud bands.
struct VoiceSpectrogram: Sendable {
    private let rows: [[SIMD8<Float>]]
    private let isActive: [Bool]
    /// Seconds from frame to frame.
    private let step: Double

    /// 30 s.
    private static let most = 3000
    /// 2 s.
    private static let patch = 200

    init(_ file: String, channel: Int) throws(SoundError) {
        let frames = try MelFrames.frames(of: file, channel: channel, most: Self.most)
        step = frames.step
        var levels = Histogram(over: -200...100, width: 0.01)
        for level in frames.loudness { levels.add(level) }
        let activity = ActivityMeter(loud: levels.quantile(0.95) ?? -200)
        isActive = frames.loudness.map(activity.isActive)
        rows = MelBands.floored(frames.levels)
    }

    /// The mean levels of active frames in each band without their mean, dB; nil without an active frame.
    var longTerm: [Double]? {
        let active = rows.indices.filter { isActive[$0] }
        guard !active.isEmpty else { return nil }
        let means = (0..<MelBands.count).map { band in
            active.reduce(0) { $0 + Double(rows[$1][band / 8][band % 8]) } / Double(active.count)
        }
        let mean = means.reduce(0, +) / Double(means.count)
        return means.map { $0 - mean }
    }

    /// Where the first 2 active seconds of another sound fit best here.
    func place(of other: VoiceSpectrogram) -> (correlation: Double, seconds: Double)? {
        guard let first = other.isActive.firstIndex(of: true), other.rows.count >= first + Self.patch,
            rows.count >= Self.patch
        else { return nil }
        let patch = Self.centred(other.rows[first..<first + Self.patch])
        let energy = patch.reduce(0) { $0 + $1.reduce(0) { $0 + ($1 * $1).sum() } }
        guard energy > 0 else { return nil }
        var best: (correlation: Double, seconds: Double)?
        for start in 0...rows.count - Self.patch {
            var (product, squares) = (Float(0), Float(0))
            var sums = [SIMD8<Float>](repeating: .zero, count: MelBands.count / 8)
            for frame in 0..<Self.patch {
                for part in sums.indices {
                    let value = rows[start + frame][part]
                    product += (value * patch[frame][part]).sum()
                    squares += (value * value).sum()
                    sums[part] += value
                }
            }
            let spread = squares - sums.reduce(0) { $0 + ($1 * $1).sum() } / Float(Self.patch)
            let correlation = spread > 0 ? min(1, Double(product / (spread * energy).squareRoot())) : 0
            if correlation > best?.correlation ?? -2 { best = (correlation, Double(start) * step) }
        }
        return best
    }

    private static func centred(_ rows: ArraySlice<[SIMD8<Float>]>) -> [[SIMD8<Float>]] {
        var means = [SIMD8<Float>](repeating: .zero, count: MelBands.count / 8)
        for row in rows { for part in means.indices { means[part] += row[part] } }
        return rows.map { row in zip(row, means).map { $0 - $1 / Float(rows.count) } }
    }
}
