/// Consecutive rows of a signal, row-major [row, channel], in storage that is reused.
///
/// Rows are numbered from the start of the audio at the signal's own rate. They may reach beyond its
/// ends, where zeros stand for the padding of a convolution.
final class Signal {
    private(set) var rows: Range<Int> = 0..<0
    private(set) var width = 0
    private var storage = UnsafeMutableBufferPointer<Float>.allocate(capacity: 0)

    deinit { storage.deallocate() }

    /// Makes room for these rows; what they hold is not defined.
    func resize(_ rows: Range<Int>, width: Int) {
        let count = rows.count * width
        if count > storage.count {
            storage.deallocate()
            storage = .allocate(capacity: count)
        }
        (self.rows, self.width) = (rows, width)
    }

    /// Where a row starts.
    func pointer(row: Int) -> UnsafeMutablePointer<Float> {
        precondition(rows.contains(row) || row == rows.upperBound, "a row outside the signal")
        guard let base = storage.baseAddress else { preconditionFailure("a signal without storage") }
        return base + (row - rows.lowerBound) * width
    }

    /// Makes room for these rows, which start no earlier than the present ones, and keeps those below `end`.
    /// The width must be the present one if any are kept.
    func slide(to rows: Range<Int>, width: Int, keeping end: Int) {
        let kept = max(0, end - rows.lowerBound)
        guard kept > 0 else { return resize(rows, width: width) }
        precondition(
            width == self.width && self.rows.contains(rows.lowerBound) && rows.count * width <= storage.count)
        let source = pointer(row: rows.lowerBound)
        self.rows = rows
        pointer(row: rows.lowerBound).update(from: source, count: kept * width)
    }

    /// Sets these rows to zero.
    func clearRows(_ rows: Range<Int>) {
        pointer(row: rows.lowerBound).update(repeating: 0, count: rows.count * width)
    }

    /// Sets the rows from this one on to zero.
    func clearRows(from row: Int) { clearRows(row..<rows.upperBound) }

    /// Sets the rows that are not of the audio, `0 ..< length`, to zero.
    func clearRows(outside length: Int) {
        let inside = rows.clamped(to: 0..<length)
        guard !inside.isEmpty else { return clearRows(rows) }
        clearRows(rows.lowerBound..<inside.lowerBound)
        clearRows(from: inside.upperBound)
    }
}

extension Range<Int> {
    /// The rows that a convolution reads for these: extended by its reach on both sides.
    func extended(by reach: Int) -> Range { lowerBound - reach..<upperBound + reach }

    /// Consecutive parts of at most this many elements.
    func parts(of count: Int) -> some Sequence<Range<Int>> {
        stride(from: lowerBound, to: upperBound, by: count).lazy.map {
            $0..<Swift.min($0 + count, upperBound)
        }
    }
}
