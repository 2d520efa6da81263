import AlignmentTensors

extension OverwritingDelay {
    /// The column with no EOS in the cells that one in a later codebook overwrote.
    func draws(_ index: Int, of stream: NDArray<Int64>) -> [Int64] {
        var drawn = stream.column(index)
        for row in 0..<firstEnd(index, of: stream) { drawn[row] = ~eos }
        return drawn
    }

    /// The codebook whose EOS ends a stream at this column; 0 if no later one can have been.
    ///
    /// The EOS overwrites every codebook before it, so that the column begins with a run of EOS. The last of
    /// the run is taken, unless the forced cells after it, or the stream's length, say that another came first.
    private func firstEnd(_ index: Int, of stream: NDArray<Int64>) -> Int {
        guard numRemainingDelays == nil else { return 0 }
        let live = min(numDelay + 1, stream.rows)
        let run = (0..<live).prefix { stream[$0, index] == eos }.count
        return (0..<run).last { hasEnd($0, at: index, of: stream) } ?? 0
    }

    /// Whether the rest of a stream is what follows an EOS in this codebook.
    private func hasEnd(_ codebook: Int, at index: Int, of stream: NDArray<Int64>) -> Bool {
        let end = index + max(codebooks - codebook - 1, 0)
        guard stream.columns <= end + 1 else { return false }
        return (index..<stream.columns).allSatisfy { column in
            pythonSlice(0, codebook + column - index, count: stream.rows).allSatisfy {
                stream[$0, column] == eos
            }
        }
    }
}
