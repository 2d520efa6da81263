public import AlignmentTensors

/// Sampling scores whose nucleus cuts through equal scores.
///
/// Of several equal scores at the edge, top-p keeps a certain number; which ones is left to the sort, which
/// torch does not promise to be stable and which differs between processors.
enum TieSwaps {
    /// The left scores with such ties settled as on the right, and how many cells that moved.
    ///
    /// A row is settled only if both sides keep equally many of the smallest kept score and differ in nothing
    /// but which ids they are.
    static func settled(
        _ left: NDArray<Float>, as right: NDArray<Float>
    ) -> (scores: NDArray<Float>, moved: Int) {
        guard left.shape == right.shape, let ids = left.shape.extents.last, ids > 0 else { return (left, 0) }
        var settled = left
        var moved = 0
        for start in stride(from: 0, to: left.shape.elementCount, by: ids) {
            let differing = (start..<start + ids).filter { left[flat: $0] != right[flat: $0] }
            guard !differing.isEmpty else { continue }
            let onlyLeft = differing.filter { right[flat: $0] == -.infinity }
            let onlyRight = differing.filter { left[flat: $0] == -.infinity }
            let edge = left.scalars[start..<start + ids].lazy.filter { $0 > -.infinity }.min()
            guard onlyLeft.count == onlyRight.count, onlyLeft.count + onlyRight.count == differing.count,
                onlyLeft.allSatisfy({ left[flat: $0] == edge }),
                onlyRight.allSatisfy({ right[flat: $0] == edge })
            else { continue }
            for offset in differing { settled[flat: offset] = right[flat: offset] }
            moved += differing.count
        }
        return (settled, moved)
    }
}

extension TensorComparison {
    /// Compares sampling scores; ties at the nucleus's edge that fell otherwise are counted, not failed.
    public static func ofScores(_ left: Tensor, _ right: Tensor, axes: [String]) -> TensorComparison {
        guard case .float32(let leftScores) = left, case .float32(let rightScores) = right else {
            return TensorComparison(left, right, axes: axes)
        }
        let (settled, moved) = TieSwaps.settled(leftScores, as: rightScores)
        var comparison = TensorComparison(.float32(settled), right, axes: axes)
        comparison.figures?.tieSwaps = moved
        if moved > 0 && comparison.verdict == .equal { comparison.verdict = .withinTolerance }
        return comparison
    }
}
