internal import Foundation

/// Triangular bands that are equally spaced on the mel scale, each of height 1.
///
/// Source: librosa 0.11 `filters.mel` with `htk=True, norm=None`; mel = 2595 log10(1 + f / 700).
struct MelBands: Sendable {
    /// The least frequency, Hz.
    static let lowest = 80.0
    /// The greatest frequency, Hz, unless half the sample rate is less.
    static let highest = 8000.0
    /// Bands.
    static let count = 40

    /// Each band's first bin and the weights from there on.
    let bands: [(start: Int, weights: [Float])]

    /// Bands over the spectrum of a transform.
    init(transformLength: Int, sampleRate: Int) {
        let top = Self.mel(min(Self.highest, Double(sampleRate) / 2))
        let bottom = Self.mel(Self.lowest)
        let edges = (0..<Self.count + 2).map {
            Self.hertz(bottom + (top - bottom) * Double($0) / Double(Self.count + 1))
        }
        bands = (0..<Self.count).map { band in
            let (low, centre, high) = (edges[band], edges[band + 1], edges[band + 2])
            let weights = (0...transformLength / 2).map { bin in
                let frequency = Double(bin) * Double(sampleRate) / Double(transformLength)
                return max(0, min((frequency - low) / (centre - low), (high - frequency) / (high - centre)))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? -1
            return (first, weights[first..<max(first, last + 1)].map(Float.init))
        }
    }

    /// The powers of eight frames in each band.
    func sums(of power: UnsafeMutableBufferPointer<SIMD8<Float>>, into sums: inout [SIMD8<Float>]) {
        for (index, band) in bands.enumerated() {
            var sum = SIMD8<Float>.zero
            for (offset, weight) in band.weights.enumerated() { sum += power[band.start + offset] * weight }
            sums[index] = sum
        }
    }

    /// What the powers of eight frames in each band are multiplied by so that a sine of full scale has 0 dB.
    static func scale(windowLength: Int) -> Float {
        let sum = HannWindow.periodic(windowLength).reduce(0, +)
        return Float(4 / (sum * sum))
    }

    /// The levels of one of eight frames in each band, dB, at least -140; [band / 8][band % 8].
    static func levels(of lane: Int, in sums: [SIMD8<Float>], scale: Float) -> [SIMD8<Float>] {
        var levels = [SIMD8<Float>](repeating: .zero, count: count / 8)
        for band in 0..<count { levels[band / 8][band % 8] = 10 * log10f(sums[band][lane] * scale + floor) }
        return levels
    }

    /// Frames of band levels, dB, with a floor 40 dB below the 95th percentile of each frame's loudest band.
    static func floored(_ frames: [[SIMD8<Float>]]) -> [[SIMD8<Float>]] {
        let loudest = frames.map { $0.reduce(-Float.infinity) { max($0, $1.max()) } }.sorted()
        guard !loudest.isEmpty else { return [] }
        let place = 0.95 * Float(loudest.count - 1)
        let (low, high) = (loudest[Int(place)], loudest[min(Int(place) + 1, loudest.count - 1)])
        let floor = SIMD8<Float>(repeating: low + (high - low) * (place - place.rounded(.down)) - 40)
        return frames.map { $0.map { $0.replacing(with: floor, where: $0 .< floor) } }
    }

    /// The levels of silence.
    static let silence = [SIMD8<Float>](repeating: SIMD8(repeating: 10 * log10f(floor)), count: count / 8)
    private static let floor: Float = 1e-14

    private static func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
    private static func hertz(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }
}
