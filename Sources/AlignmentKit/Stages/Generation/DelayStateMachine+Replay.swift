import AlignmentTensors

extension DelayStateMachine {
    /// A state machine after a recorded stream's first column.
    init(_ stream: NDArray<Int64>, _ facts: GenerationFacts, under profile: GenerationProfile) {
        self.init(
            profile, promptTail: facts.promptTail, first: stream.columns > 0 ? stream.column(0) : nil)
    }

    /// Takes one column of a recorded stream, whose forced cells have lost what was drawn for them.
    mutating func replay(_ index: Int, of stream: NDArray<Int64>) -> [Int64] {
        step(draws(index, of: stream))
    }

    /// What was drawn for one column of a recorded stream, and the step with it.
    mutating func drawn(_ index: Int, of stream: NDArray<Int64>) -> [Int64] {
        let draws = draws(index, of: stream)
        _ = step(draws)
        return draws
    }

    /// The column with no EOS in the cells that one in a later codebook overwrote.
    private func draws(_ index: Int, of stream: NDArray<Int64>) -> [Int64] {
        var drawn = stream.column(index)
        for row in 0..<firstEnd(index, of: stream) { drawn[row] = ~eos }
        return drawn
    }

    /// The codebook whose EOS ends a stream at this column; 0 if no later one can have been.
    ///
    /// The EOS overwrites every codebook before it, so that the column begins with a run of EOS. The last of
    /// the run is taken, unless the forced cells after it, or the stream's length, say that another came first.
    private func firstEnd(_ index: Int, of stream: NDArray<Int64>) -> Int {
        guard overwrites, !isEnding else { return 0 }
        let live = min(openRows, stream.rows)
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
