public import AlignmentTensors

/// The codes of one call of the codec, looked at before they are decoded.
///
/// Upstream's codec raises for both findings: a convolution has nothing to work on, or an embedding has no row of
/// that number.
public struct TokenSequence: Sendable, Equatable, Codable {
    /// Codebooks.
    public var codebooks: Int
    /// Frames, 40 ms each.
    public var frames: Int
    /// The smallest id; nil without any.
    public var smallest: Int64?
    /// The largest id; nil without any.
    public var largest: Int64?
    /// Ids that are not codes: negative, or from the codebook size on.
    public var outside: Int
    /// What is wrong.
    public var finding: Finding

    /// What can be wrong with codes.
    public enum Finding: String, Sendable, Codable {
        /// All ids are codes, and there is at least one frame.
        case valid
        /// There is no frame to decode.
        case empty
        /// An id is negative, or not below the codebook size.
        case outOfRange = "out_of_range"
    }

    /// Looks at codes.
    ///
    /// - Parameters:
    ///   - codes: [codebook, frame], any ids.
    ///   - codebookSize: codes in a codebook, 1024 in the released model.
    public init(_ codes: NDArray<Int64>, codebookSize: Int) {
        codebooks = codes.rows
        frames = codes.columns
        smallest = codes.scalars.min()
        largest = codes.scalars.max()
        outside = codes.scalars.count { $0 < 0 || $0 >= codebookSize }
        finding = codes.scalars.isEmpty ? .empty : outside > 0 ? .outOfRange : .valid
    }
}
