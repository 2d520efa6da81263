import Foundation

/// Float samples as libsndfile writes them to PCM_16 with clipping on, as the soundfile package sets it.
///
/// The sample is scaled to 32 bits, rounded there, and its lower half is dropped: values are floored to
/// 16 bits, a bias of half a step. Source: libsndfile `src/pcm.c`, `f2les_clip_array`.
public enum PCM16 {
    /// The written value of one sample, -32768 ... 32767; NaN becomes -32768.
    public static func quantised(_ sample: Float) -> Int16 {
        let scaled = sample * Float(0x7FFF_FFFF)
        if scaled.isNaN { return .min }
        if scaled >= Float(0x7FFF_FFFF) { return .max }
        if scaled <= -8 * Float(0x1000_0000) { return .min }
        return Int16(truncatingIfNeeded: Int32(scaled.rounded(.toNearestOrEven)) >> 16)
    }
}
