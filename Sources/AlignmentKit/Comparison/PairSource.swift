/// Where the elements of two tensors of one type and shape come from.
package protocol PairSource {
    /// The bytes of a stretch of elements, given by their flat offsets, of both sides; they are good until the
    /// next call. Nil ends the comparison: the source knows why.
    ///
    /// A comparison asks for every stretch once and in order, and then again for those that hold what it has to
    /// look at more closely.
    func bytes(of elements: Range<Int>) -> (left: UnsafeRawBufferPointer, right: UnsafeRawBufferPointer)?
    /// Blocks that make a stretch: threads meet at its end, and its results are in memory together.
    var blocksAtOnce: Int { get }
}

/// Two tensors in memory.
struct TensorPair: PairSource {
    let left: UnsafeRawBufferPointer
    let right: UnsafeRawBufferPointer
    let byteCount: Int

    var blocksAtOnce: Int { 64 }

    func bytes(of elements: Range<Int>) -> (left: UnsafeRawBufferPointer, right: UnsafeRawBufferPointer)? {
        let bytes = elements.lowerBound * byteCount..<elements.upperBound * byteCount
        return (
            UnsafeRawBufferPointer(rebasing: left[bytes]), UnsafeRawBufferPointer(rebasing: right[bytes])
        )
    }
}
