public import AlignmentTensors

/// The largest logits of every step, where a recorder kept no others.
///
/// The sum over all ids and the drawn id's own logit stand beside them, so that the probability of what was drawn
/// is known before any processor. What temperature does to the ids left out is known within bounds only.
public struct TopLogits: Sendable {
    /// The ids of the largest logits, [step, codebook, candidate].
    public let ids: NDArray<Int64>
    /// Their logits, [step, codebook, candidate].
    public let logits: NDArray<Float>
    /// log of the sum of the exponentials of all logits, [step, codebook].
    public let logSumExp: NDArray<Float>
    /// The logit of the id that was drawn, [step, codebook].
    public let drawnLogit: NDArray<Float>
    /// Ids that the model gives a logit each.
    public let vocabulary: Int

    /// The largest logits of every step; the arrays' shapes agree in step, codebook and candidate.
    public init(
        ids: NDArray<Int64>, logits: NDArray<Float>, logSumExp: NDArray<Float>, drawnLogit: NDArray<Float>,
        vocabulary: Int
    ) {
        self.ids = ids
        self.logits = logits
        self.logSumExp = logSumExp
        self.drawnLogit = drawnLogit
        self.vocabulary = vocabulary
    }
}
