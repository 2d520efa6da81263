import AlignmentTensors

/// The scores of every step, made of its logits one step at a time.
struct StepScores {
    /// [step, codebook, id]; logits where no step has been processed.
    private(set) var scores: NDArray<Float>
    private let logits: NDArray<Float>
    private let ranking: LogitRanking
    private let processors: ScoreProcessors
    private let codebooks: Int
    private let ids: Int

    /// nil without logits.
    init?(_ facts: GenerationFacts, under profile: GenerationProfile) {
        guard let logits = facts.logits, let ranking = facts.ranking else { return nil }
        scores = logits
        self.logits = logits
        self.ranking = ranking
        processors = ScoreProcessors(SamplerSetting(profile))
        (codebooks, ids) = (logits.shape[1], logits.shape[2])
    }

    /// Turns one step's logits into scores.
    ///
    /// - Parameter masks: what each row is masked to before temperature, top-k and top-p; empty for no masks.
    mutating func process(_ step: Int, masks: [Mask?]) {
        guard step < scores.shape[0] else { return }
        for codebook in 0..<codebooks {
            let row = step * codebooks + codebook
            let range = row * ids..<(row + 1) * ids
            let mask = masks.indices.contains(codebook) ? masks[codebook] : nil
            let logits = logits.scalars[range]
            scores.replace(
                range,
                with: mask.map { processors(logits, maskedTo: $0) }
                    ?? processors(logits, ascending: ranking.row(row)))
        }
    }
}

extension ScoreProcessors {
    /// The scores of a row of logits that a mask leaves at most one id of. What is left is the largest score,
    /// which top-k and top-p keep; the rest is -infinity already.
    fileprivate func callAsFunction(_ logits: ArraySlice<Float>, maskedTo mask: Mask) -> [Float] {
        var scores = [Float](repeating: -.infinity, count: logits.count)
        if case .only(let id) = mask, scores.indices.contains(Int(id)) {
            scores[Int(id)] = scaled(logits[logits.startIndex + Int(id)])
        }
        return scores
    }
}
