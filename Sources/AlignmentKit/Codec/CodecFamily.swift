internal import Synchronization

/// One codec's weights, decoding in whatever precision is asked for.
public final class CodecFamily: Sendable {
    /// The weights that all share.
    public let weights: CodecWeights
    private let codecs = Mutex<[CodecPrecision: Codec]>([:])

    /// Codecs with these weights.
    public init(_ weights: CodecWeights) { self.weights = weights }

    /// The codec of a precision, made when it is first asked for.
    public subscript(precision: CodecPrecision) -> Codec {
        codecs.withLock { codecs in
            if let codec = codecs[precision] { return codec }
            let codec = Codec(weights, precision: precision)
            codecs[precision] = codec
            return codec
        }
    }
}

extension CodecFamily: CustomStringConvertible {
    /// The sizes, not the numbers.
    public var description: String { "codecs of \(weights)" }
}
