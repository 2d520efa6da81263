/// The signals that one thread decodes a tile in; their storage is reused from tile to tile.
final class Workspace {
    /// The signal that passes from layer to layer.
    let stream = Signal()
    /// The stream after a Snake, with the zeros that the next convolution reads beyond the ends.
    let activated = Signal()
    /// Rows between the two convolutions of a residual unit.
    let inner = Signal()

    /// Operands and products of a convolution that computes rows in pairs.
    let operands = Signal()
    let products = Signal()

    /// Fills `activated` with these rows of the stream after a Snake, zero outside the audio.
    func activate(_ snake: Snake, rows: Range<Int>, length: Int) {
        activated.resize(rows, width: snake.width)
        activate(snake, into: rows, length: length)
    }

    /// The same for some of the rows that `activated` has.
    func activate(_ snake: Snake, into rows: Range<Int>, length: Int) {
        let inside = rows.clamped(to: 0..<length)
        guard !inside.isEmpty else { return activated.clearRows(rows) }
        activated.clearRows(rows.lowerBound..<inside.lowerBound)
        activated.clearRows(inside.upperBound..<rows.upperBound)
        snake.apply(
            stream.pointer(row: inside.lowerBound), activated.pointer(row: inside.lowerBound),
            rowCount: inside.count)
    }

    /// Rows of this width that convolutions process at once: few enough to stay in the second-level
    /// cache from tap to tap, enough to make up for packing the weights.
    func rowsPerPart(width: Int) -> Int { max(512, 16384 / width) }
}
