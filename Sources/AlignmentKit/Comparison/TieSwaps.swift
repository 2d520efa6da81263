/// Sampling scores whose nucleus cuts through equal scores.
///
/// Of several equal scores at the edge, top-p keeps a certain number; which ones is left to the sort, which
/// torch does not promise to be stable and which differs between processors.
enum TieSwaps {
    /// The left row of scores with such ties settled as on the right, and how many cells that moved; nil if
    /// there is nothing to settle.
    ///
    /// A row is settled only if both sides keep equally many of the smallest kept score and differ in nothing
    /// but which ids they are.
    static func settled<Score: Measurable>(
        _ left: Slice<UnsafeBufferPointer<Score>>, as right: Slice<UnsafeBufferPointer<Score>>
    ) -> (settled: [Score], moved: Int)? {
        let differing = left.indices.filter { left[$0].real != right[$0].real }
        guard !differing.isEmpty else { return nil }
        let onlyLeft = differing.filter { right[$0].real == -.infinity }
        let onlyRight = differing.filter { left[$0].real == -.infinity }
        let edge = left.lazy.map(\.real).filter { $0 > -.infinity }.min()
        guard onlyLeft.count == onlyRight.count, onlyLeft.count + onlyRight.count == differing.count,
            onlyLeft.allSatisfy({ left[$0].real == edge }), onlyRight.allSatisfy({ right[$0].real == edge })
        else { return nil }
        var settled = Array(left)
        for offset in differing { settled[offset - left.startIndex] = right[offset] }
        return (settled, differing.count)
    }
}
