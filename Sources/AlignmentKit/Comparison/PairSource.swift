internal import AlignmentTensors

/// Where the elements of two tensors of one type and shape come from.
package protocol PairSource {
    associatedtype Failure: Error
    /// Hands over the bytes of a stretch of elements, given by their flat offsets, of both sides.
    ///
    /// A comparison asks for every stretch once and in order, and then again for those that hold what it has to
    /// look at more closely.
    mutating func withBytes<Result>(
        of elements: Range<Int>,
        _ body: (_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Result
    ) throws(Failure) -> Result
}

/// Two tensors in memory.
struct TensorPair: PairSource {
    let left: UnsafeRawBufferPointer
    let right: UnsafeRawBufferPointer
    let byteCount: Int

    func withBytes<Result>(
        of elements: Range<Int>, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Result
    ) throws(Never) -> Result {
        let bytes = elements.lowerBound * byteCount..<elements.upperBound * byteCount
        return body(
            UnsafeRawBufferPointer(rebasing: left[bytes]), UnsafeRawBufferPointer(rebasing: right[bytes]))
    }
}
