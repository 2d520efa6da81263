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

extension PCM: CustomStringConvertible {
    /// libsndfile's way to name it.
    public var description: String { "PCM_\(bits)" }
}
