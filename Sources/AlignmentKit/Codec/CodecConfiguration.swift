/// The sizes of a codec's decoding side, as read from the shapes of its weights.
public struct CodecConfiguration: Sendable, Hashable {
    /// Codebooks that can be decoded (8 in the release).
    public let quantizerCount: Int
    /// Entries of each codebook (1024); codes lie in `0 ..< codebookSize`.
    public let codebookSize: Int
    /// Width of a codebook entry (64).
    public let codebookWidth: Int
    /// Width of a dequantised frame, the sum over the codebooks (1024).
    public let quantizedWidth: Int
    /// Width of a frame where the decoder's convolutions start, upstream's `D` (256).
    public let latentWidth: Int
    /// Channels at each rate: before the first block, then after every block (1024, 512, … 32).
    public let channels: [Int]
    /// How much each block lengthens the signal, upstream's `ratios` (8, 5, 4, 2, 3).
    public let strides: [Int]

    /// Samples of one frame: the product of the strides (960).
    public var hopLength: Int { strides.reduce(1, *) }

    /// Beyond it a state dict is taken for malformed.
    static let largestHopLength = 1 << 20
}
