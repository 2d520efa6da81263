internal import CSpectrum

/// Power spectra and autocorrelations of eight real signals side by side: row i of a buffer holds sample i of each.
///
/// Not for two threads at once.
final class LaneTransform {
    typealias Rows = UnsafeMutableBufferPointer<SIMD8<Float>>

    /// Signals in a row.
    static let width = Int(SPECTRUM_LANES)

    /// Points of the transform, even.
    let length: Int
    private let plan: OpaquePointer

    init(length: Int) {
        self.length = length
        plan = spectrum_lanes_make(length)
    }

    deinit { spectrum_lanes_free(plan) }

    /// Writes |X[k]|^2 for k from 0 to half of the points; after the samples, at most as many, follow zeros.
    func power(of samples: Rows, into power: Rows) {
        spectrum_lanes_power(plan, Self.floats(samples), samples.count, Self.floats(power))
    }

    /// Writes the sums of x[i] * x[i + lag] of the signals behind these powers, for as many lags as there are rows;
    /// sums wrap around the transform's end.
    func correlate(_ power: Rows, into sums: Rows) {
        spectrum_lanes_correlate(plan, Self.floats(power), sums.count, Self.floats(sums))
    }

    private static func floats(_ rows: Rows) -> UnsafeMutablePointer<Float>? {
        UnsafeMutableRawPointer(rows.baseAddress)?.assumingMemoryBound(to: Float.self)
    }
}
