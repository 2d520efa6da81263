import AlignmentStages

extension SampleExplainer {
    /// How likely the request's draws are under every setting; nil without logits.
    public func weighedDraws() -> WeighedDraws? { examiner(level: 1).weighed() }

    /// What the sampler of the request did.
    ///
    /// - Parameters:
    ///   - weighed: the request's draws.
    ///   - level: probability of contradicting a setting that acted, at most; in (0, 1).
    public func samplerFindings(_ weighed: WeighedDraws?, level: Double) -> SamplerFindings {
        examiner(level: level).examine(weighed)
    }

    /// The request's draws, where no scores were recorded that would decide more.
    public func drawsWithoutScores() -> WeighedDraws? {
        guard sample.generation?.captured?["scores"]?.tensor == nil else { return nil }
        return weighedDraws()
    }

    /// What this request's draws alone say.
    var drawEvidence: DrawEvidence? { drawsWithoutScores().map { DrawEvidence($0, among: [$0]) } }

    /// The request's logits against a good run's.
    public func goldenLogits(_ golden: Capture) -> GoldenLogits {
        GoldenLogits(sample, against: golden, under: current.profile.generation)
    }

    private func examiner(level: Double) -> SamplerExaminer {
        SamplerExaminer(
            sample: sample, path: capture.path, model: model, current: current, aligned: aligned,
            explained: scoresExplanation, level: level)
    }
}
