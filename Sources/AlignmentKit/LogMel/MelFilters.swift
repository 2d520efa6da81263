internal import Foundation

/// Triangular filters that are equally spaced on Slaney's mel scale from 0 to 8000 Hz, each divided by its
/// width.
///
/// Source: transformers 4.46 `audio_utils.py`, `mel_filter_bank` with `norm="slaney"`, `mel_scale="slaney"`;
/// M. Slaney, Auditory Toolbox, 1998: linear below 1 kHz, 27 steps for each factor of 6.4 above.
struct MelFilters: Sendable {
    /// One filter: its weights from the first spectral bin at which it is not zero.
    struct Filter: Sendable {
        let start: Int
        let weights: [Double]
    }

    let filters: [Filter]

    /// Filters over the spectrum of a transform of this many samples.
    init(bins: Int, samples: Int, sampleRate: Double) {
        let spectrum = samples / 2 + 1
        let highest = sampleRate / 2
        let step = Self.mel(highest) / Double(bins + 1)
        let edges = (0..<bins + 2).map { Self.hertz(Double($0) * step) }
        let frequencies = (0..<spectrum).map { Double($0) * highest / Double(spectrum - 1) }
        filters = (0..<bins).map { bin in
            let (low, centre, high) = (edges[bin], edges[bin + 1], edges[bin + 2])
            let weights = frequencies.map { frequency in
                let rising = (frequency - low) / (centre - low)
                let falling = (high - frequency) / (high - centre)
                return max(0, min(rising, falling)) * (2 / (high - low))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? -1
            return Filter(start: first, weights: Array(weights[first..<max(first, last + 1)]))
        }
    }

    private static func mel(_ hertz: Double) -> Double {
        hertz < 1000 ? 3 * hertz / 200 : 15 + log(hertz / 1000) * (27 / log(6.4))
    }

    private static func hertz(_ mel: Double) -> Double {
        mel < 15 ? 200 * mel / 3 : 1000 * exp((log(6.4) / 27) * (mel - 15))
    }
}
