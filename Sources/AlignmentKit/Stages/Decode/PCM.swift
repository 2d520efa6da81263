import Foundation

/// Float samples as libsndfile writes them to integers with clipping on, as the soundfile package sets it.
///
/// The sample is scaled to 32 bits, rounded there, and the bits that the file does not hold are dropped: values are
/// floored, a bias of half a step. Source: libsndfile `src/pcm.c`, `f2les_clip_array`, `f2let_clip_array` and
/// `f2lei_clip_array`.
public struct PCM: Sendable, Hashable {
    /// Bits of a written sample, 1 ... 32.
    public let bits: Int

    /// Samples of this many bits.
    public init(bits: Int) {
        precondition(1...32 ~= bits)
        self.bits = bits
    }

    /// The encoding of libsndfile's word for it; nil if it is none of signed integers.
    public init?(subtype: String) {
        switch subtype {
        case "PCM_16": bits = 16
        case "PCM_24": bits = 24
        case "PCM_32": bits = 32
        default: return nil
        }
    }

    /// The written value of one sample, left-justified in 32 bits as libsndfile reads it back; NaN becomes the
    /// lowest.
    public func quantised(_ sample: Float) -> Int32 {
        let scaled = sample * Float(0x7FFF_FFFF)
        let rounded: Int32 =
            if scaled.isNaN || scaled <= -8 * Float(0x1000_0000) {
                .min
            } else if scaled >= Float(0x7FFF_FFFF) {
                .max
            } else {
                Int32(scaled.rounded(.toNearestOrEven))
            }
        return (rounded >> (32 - bits)) << (32 - bits)
    }
}

extension PCM {
    /// The written value of one sample under a rule, left-justified in 32 bits.
    ///
    /// What is not libsndfile's own way makes 16 bits first, which a file of more bits holds exactly. NaN, and what
    /// is beyond 32 bits where it wraps, becomes 0.
    ///
    /// - Source: numpy's `(x * 32767).astype(np.int16)` for a float32 array, and the same of
    ///   `np.clip(x * 32767, -32768, 32767)`; its conversion goes over 32 bits on x86-64.
    public func quantised(_ sample: Float, _ overflow: SampleOverflow) -> Int32 {
        let scaled = sample * 32767
        switch overflow {
        case .clamp: return quantised(sample)
        case .truncate where !scaled.isNaN: return Int32(min(max(scaled, -32768), 32767)) << 16
        case .wrap, .truncate:
            // A whole number of float32 below 2^31 fits into 32 bits.
            guard abs(scaled) < 0x1p31 else { return 0 }
            return Int32(truncatingIfNeeded: Int64(scaled)) << 16
        }
    }
}

extension PCM: CustomStringConvertible {
    /// libsndfile's way to name it.
    public var description: String { "PCM_\(bits)" }
}
