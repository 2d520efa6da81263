import AlignmentLogMel
import AlignmentResample

/// Brings a waveform from the rate that its sample declares to Whisper's 16 kHz, as upstream's collator does.
///
/// The declared rate is a torch scalar, of int64 or float32: torch then computes the ratio and the length in
/// binary32, and the length can be one sample off.
///
/// Source: librosa 0.11 `core/audio.py`, `resample`; torch 2 `Tensor.__rdiv__`.
struct RateChange {
    private static let target = Double(LogMel.sampleRate)
    private static let location = "librosa.resample"

    private let rate: Double
    private let ratio: Float

    init(from rate: Double) {
        self.rate = rate
        ratio = (1 / Float(rate)) * Float(Self.target)
    }

    /// The waveform at 16 kHz.
    ///
    /// - Throws: what librosa raises; where it would need years or more memory than there is, an error in
    ///   words of our own.
    func apply(to samples: ArraySlice<Float>) throws(UpstreamError) -> ArraySlice<Float> {
        guard samples.allSatisfy(\.isFinite) else {
            throw error("ParameterError", "Audio buffer is not finite everywhere")
        }
        let count = (Float(samples.count) * ratio).rounded(.up)
        guard !count.isNaN else { throw error("ValueError", "cannot convert float NaN to integer") }
        guard count.isFinite else {
            throw error("OverflowError", "cannot convert float infinity to integer")
        }
        guard rate > 0 else { throw error("ValueError", "Sample rate should be over 0") }
        do throws(ResampleError) {
            return try Resampler.resample(
                samples, from: rate, to: Self.target, count: Int(min(count, 0x1p62)))[...]
        } catch { throw self.error("ParameterError", "\(error)") }
    }

    private func error(_ type: String, _ message: String) -> UpstreamError {
        UpstreamError(type: type, message: message, location: Self.location)
    }
}
