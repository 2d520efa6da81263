package import AlignmentTensors

extension DelayStateMachine {
    /// A state machine after a recorded stream's first column.
    init(_ stream: NDArray<Int64>, _ facts: GenerationFacts, under profile: GenerationProfile) {
        self.init(
            profile, promptTail: facts.promptTail, first: stream.columns > 0 ? stream.column(0) : nil)
    }

    /// Takes one column of a recorded stream, whose forced cells have lost what was drawn for them.
    package mutating func replay(_ index: Int, of stream: NDArray<Int64>) -> [Int64] {
        step(draws(index, of: stream))
    }
}
