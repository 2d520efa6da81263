import AlignmentTensors

/// Pads rows to one length, that of the longest rounded up to a multiple.
struct Padding {
    private let length: Int
    private let side: PadSide

    init(_ rows: [[Int64]], multipleOf step: Int = 1, on side: PadSide) {
        let longest = rows.map(\.count).max() ?? 0
        length = (longest + step - 1) / step * step
        self.side = side
    }

    /// [row, position].
    func pad(_ rows: [[Int64]], with value: Int64) -> NDArray<Int64> {
        NDArray(rows: rows.count, columns: length) { row, column in
            let offset = side == .left ? length - rows[row].count : 0
            return rows[row].indices.contains(column - offset) ? rows[row][column - offset] : value
        }
    }
}
