import AlignmentTensors

/// The ids of each row of logits from the smallest logit to the largest, equal ones by id.
///
/// Temperature keeps the order, so one sort serves every profile.
struct LogitRanking: Sendable {
    private let ids: [Int32]
    private let width: Int

    /// Ranks every row of [step, codebook, id].
    init(_ logits: NDArray<Float>) {
        let width = logits.shape.extents.last ?? 0
        self.width = width
        var ids: [Int32] = []
        ids.reserveCapacity(logits.shape.elementCount)
        var keys = [UInt64](repeating: 0, count: width)
        for start in stride(from: 0, to: logits.shape.elementCount, by: max(width, 1)) {
            for id in 0..<width { keys[id] = Self.key(logits[flat: start + id], id) }
            keys.sort()
            ids.append(contentsOf: keys.lazy.map { Int32(truncatingIfNeeded: $0 & 0xFFFF_FFFF) })
        }
        self.ids = ids
    }

    /// The ids of one row, [id].
    func row(_ row: Int) -> ArraySlice<Int32> { ids[row * width..<(row + 1) * width] }

    /// A logit and its id in one integer that sorts as the logit does, equal logits by id.
    private static func key(_ logit: Float, _ id: Int) -> UInt64 {
        let pattern = (logit + 0).bitPattern  // -0 and 0 are equal
        let ordered = pattern >> 31 == 0 ? pattern | 0x8000_0000 : ~pattern
        return UInt64(ordered) << 32 | UInt64(id)
    }
}
