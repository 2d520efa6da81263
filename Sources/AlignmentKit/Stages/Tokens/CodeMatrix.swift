import AlignmentTensors

extension NDArray<Int64> {
    /// Every id moved into 0 ... bound.
    ///
    /// - Throws: what torch raises for a remainder by zero, that is for ids that wrap at a bound of -1.
    /// - Source: torch's `clip(0, bound)`, whose upper bound wins over the lower; its `%`, which has the sign of the
    ///   divisor; `torch.where((x < 0) | (x > bound), 0, x)`.
    func bounded(to bound: Int, _ rule: OutOfRange) throws(UpstreamError) -> NDArray<Int64> {
        let bound = Int64(bound)
        switch rule {
        case .clip: return map { Swift.min(Swift.max($0, 0), bound) }
        case .zero: return map { $0 < 0 || $0 > bound ? 0 : $0 }
        case .wrap:
            // torch's int64 overflows without a word.
            let divisor = bound &+ 1
            guard divisor != 0 else {
                guard !scalars.isEmpty else { return self }
                throw UpstreamError(
                    type: "RuntimeError", message: "ZeroDivisionError",
                    location: "remainder of ids by clip_max + 1")
            }
            return map { id in
                let remainder = id.remainderReportingOverflow(dividingBy: divisor).partialValue
                return remainder != 0 && (remainder < 0) != (divisor < 0) ? remainder &+ divisor : remainder
            }
        }
    }

    /// A matrix [codebook, frame] as it is handed on: `x`, `x.T`, or `x.T.contiguous().view(x.shape)`.
    func laidOut(_ layout: CodeLayout) -> NDArray<Int64> {
        switch layout {
        case .codebooksFirst: return self
        case .transposed: return NDArray(rows: columns, columns: rows) { self[$1, $0] }
        case .reshaped:
            return NDArray(rows: rows, columns: columns) { row, column in
                let place = row * columns + column
                return self[place % rows, place / rows]
            }
        }
    }

    /// The rows of these numbers, in this order; negative ones count from the last row, as in Python.
    ///
    /// torch looks at the numbers only where there is something to copy.
    func codebooks(_ order: [Int]) throws(UpstreamError) -> NDArray<Int64> {
        for codebook in order where columns > 0 && !(-rows..<rows).contains(codebook) {
            throw .indexOutOfBounds(codebook, size: rows, in: "selection of codebooks")
        }
        return NDArray(rows: order.count, columns: columns) { row, column in
            self[order[row] < 0 ? order[row] + rows : order[row], column]
        }
    }
}
