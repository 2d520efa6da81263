public import AlignmentTensors

/// The delay pattern: codebook k lags k columns behind the first (arXiv 2306.05284).
public enum DelayPattern {
    /// Delays codes: row k moves k columns to the right.
    ///
    /// - Parameters:
    ///   - codes: [codebook, column].
    ///   - bos: fills the cells before each row.
    ///   - eos: fills the cells after each row.
    /// - Returns: [codebook, column + codebooks - 1].
    /// - Source: upstream `model/higgs_audio/utils.py`, `build_delay_pattern_mask`.
    public static func build(_ codes: NDArray<Int64>, bos: Int64, eos: Int64) -> NDArray<Int64> {
        NDArray(rows: codes.rows, columns: max(codes.columns + codes.rows - 1, 0)) { row, column in
            if column < row { return bos }
            return column - row < codes.columns ? codes[row, column - row] : eos
        }
    }

    /// Undoes the delay.
    ///
    /// - Parameters:
    ///   - delayed: [codebook, column].
    ///   - dimension: along which the rows lie in the caller's tensor, for the exception's words: 0 upstream, 1
    ///     in the port, whose streams are [column, codebook].
    /// - Returns: [codebook, column - codebooks + 1].
    /// - Throws: what `torch.cat` raises where a stream shorter than its codebooks makes Python's negative
    ///   slice ends select rows of unequal length.
    /// - Source: upstream `model/higgs_audio/utils.py`, `revert_delay_pattern`; the same in transformers'
    ///   `HiggsAudioV2Processor.revert_delay_pattern`.
    public static func revert(
        _ delayed: NDArray<Int64>, rowsAlong dimension: Int = 0
    ) throws(UpstreamError) -> NDArray<Int64> {
        let slices = (0..<delayed.rows).map { row in
            pythonSlice(row, delayed.columns - delayed.rows + 1 + row, count: delayed.columns)
        }
        let location = "revert_delay_pattern"
        if let error = UpstreamError.unequalSizes(
            exceptDimension: dimension, sizes: slices.map(\.count), in: location)
        {
            throw error
        }
        return NDArray(rows: delayed.rows, columns: slices.first?.count ?? 0) { row, column in
            delayed[row, slices[row].lowerBound + column]
        }
    }
}
