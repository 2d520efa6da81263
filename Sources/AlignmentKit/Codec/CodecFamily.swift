internal import Synchronization

/// One codec's weights, decoding in whatever precision and with whatever weight norm is asked for.
public final class CodecFamily: Sendable {
    /// The weights that all share.
    public let weights: CodecWeights
    /// The last codec that was asked for: each has its own copy of the weights, and is soon made again.
    private let last = Mutex<(variant: Variant, codec: Codec)?>(nil)

    private struct Variant: Equatable {
        let precision: CodecPrecision
        let weightNorm: WeightNorm
    }

    /// Codecs with these weights.
    public init(_ weights: CodecWeights) { self.weights = weights }

    /// The codec of a precision, made when it is asked for.
    public subscript(precision: CodecPrecision) -> Codec {
        codec(Variant(precision: precision, weightNorm: .fused), of: weights)
    }

    /// The codec of a precision and a weight norm, made when it is asked for.
    ///
    /// - Throws: `CodecError.fusedWeights` if directions are asked for and the weights hold none.
    public func codec(_ precision: CodecPrecision, _ weightNorm: WeightNorm) throws(CodecError) -> Codec {
        codec(Variant(precision: precision, weightNorm: weightNorm), of: try weights.normed(by: weightNorm))
    }

    private func codec(_ variant: Variant, of weights: CodecWeights) -> Codec {
        last.withLock { last in
            if let last, last.variant == variant { return last.codec }
            last = nil
            let codec = Codec(weights, precision: variant.precision)
            last = (variant, codec)
            return codec
        }
    }
}

extension CodecFamily: CustomStringConvertible {
    /// The sizes, not the numbers.
    public var description: String { "codecs of \(weights)" }
}
