import AlignmentStages
import AlignmentTensors

/// The rows of both runs' logits, by step and codebook: the one place that knows how they were recorded.
struct LogitPairs {
    /// Steps that both recorded.
    let steps: Int
    /// Codebooks of each step.
    let codebooks: Int
    /// Logits of each row.
    let width: Int
    private let captured: NDArray<Float>
    private let golden: NDArray<Float>

    /// - Throws: why there is nothing to compare.
    init(_ captured: GenerationFacts, _ golden: GenerationFacts) throws(LogitMismatch) {
        guard let left = captured.logits else { throw .noLogits(.captured) }
        guard let right = golden.logits else { throw .noLogits(.golden) }
        guard left.shape.rank == 3, right.shape.rank == 3,
            left.shape[1] == right.shape[1], left.shape[2] == right.shape[2], left.shape[2] > 1
        else { throw .shapes(captured: left.shape.extents, golden: right.shape.extents) }
        self.captured = left
        self.golden = right
        steps = min(left.shape[0], right.shape[0])
        (codebooks, width) = (left.shape[1], left.shape[2])
    }

    /// One row of both, [id].
    func row(step: Int, codebook: Int) -> (captured: ArraySlice<Float>, golden: ArraySlice<Float>) {
        let start = (step * codebooks + codebook) * width
        return (captured.scalars[start..<start + width], golden.scalars[start..<start + width])
    }
}
