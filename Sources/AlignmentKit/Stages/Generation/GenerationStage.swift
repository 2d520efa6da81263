import AlignmentTensors

/// The generation stage without its random numbers: scores and forced cells for recorded logits and draws.
public enum GenerationStage {
    /// Recomputes what the sampler's steps give for the draws behind the recorded streams.
    ///
    /// - Returns: scores for every step where logits are there, and the streams after forcing.
    /// - Source: upstream `HiggsAudioModel._sample_audio_tokens`; transformers'
    ///   `HiggsAudioV2GenerationMixin._sample` and its delay pattern's logits processor.
    public static func run(_ facts: GenerationFacts, under profile: GenerationProfile) -> GenerationOutput {
        var scores = StepScores(facts, under: profile)
        var counters = Counters()
        var segments: [NDArray<Int64>] = []
        var step = 0
        for segment in facts.segments {
            var machine = DelayStateMachine(segment, facts, under: profile)
            var columns = segment.columns > 0 ? [segment.column(0)] : []
            for index in 1..<max(segment.columns, 1) {
                scores?.process(step, masks: machine.masks)
                columns.append(machine.replay(index, of: segment))
                counters.append(machine)
                step += 1
            }
            segments.append(NDArray(rows: segment.rows, columns: columns.count) { columns[$1][$0] })
        }
        let isCounted = profile.delayMachine == .overwrite || !profile.useDelayPattern
        return GenerationOutput(
            scores: scores?.scores, segments: segments, numDelay: isCounted ? counters.delays : nil,
            numRemainingDelays: isCounted ? counters.remaining : nil,
            textIDs: facts.text.flatMap { text in
                let draws = GenerationLoop.Draws(recovering: facts, text: text, under: profile)
                let loop = GenerationLoop(profile, model: text.model, texts: text.model.tokenTexts)
                return try? loop.run(prompt: text.promptIDs, draws: draws).textIDs
            })
    }

    /// The delay's counters after each step.
    private struct Counters {
        var delays: [Int64] = []
        var remaining: [Int64] = []

        mutating func append(_ machine: DelayStateMachine) {
            delays.append(Int64(machine.numDelay ?? 0))
            remaining.append(machine.numRemainingDelays.map(Int64.init) ?? -1)
        }
    }

    /// Live cells whose id stands so often in the window that repetition-aware sampling draws it again.
    public static func redraws(_ facts: GenerationFacts, under profile: GenerationProfile) -> [DrawnCell] {
        guard let rule = RepetitionRule(profile) else { return [] }
        return draws(facts, under: profile, rules: [rule])
            .filter { !$0.isLost && $0.repeated[0].contains($0.cell.id) }.map(\.cell)
    }

    /// Live cells whose id cannot have been drawn under this profile: its likelihood is 0.
    ///
    /// An id outside the support is possible all the same where repetition-aware sampling may have drawn the row
    /// again: from the raw logits, if an id of the support stands often enough in the window. So is one that ties
    /// with the support's edge.
    ///
    /// - Returns: nil without logits.
    public static func impossibleDraws(
        _ facts: GenerationFacts, under profile: GenerationProfile
    ) -> [DrawnCell]? {
        let setting = SamplerSetting(profile)
        guard facts.hasLogits, setting.temperature ?? 1 > 0 else { return nil }
        return draws(facts, under: profile, rules: [setting.repetition]).filter { draw in
            guard !draw.isLost,
                let row = facts.logitRow(step: draw.step, codebook: draw.cell.codebook), !row.isBroken,
                (0..<row.logits.count + row.tailCount).contains(draw.cell.id)
            else { return false }
            return DrawLikelihood(draw, row: row, eos: profile.audioStreamEOS)
                .bounds(setting, rule: 0).upperBound <= 0
        }.map(\.cell)
    }
}

/// A cell of a delayed stream that was drawn, not forced.
public struct DrawnCell: Sendable, Equatable, Codable {
    /// The segment it stands in.
    public let segment: Int
    /// Its column in the delayed stream.
    public let column: Int
    /// Its codebook.
    public let codebook: Int
    /// The id.
    public let id: Int
}

extension NDArray {
    /// One column of a matrix, [row].
    func column(_ column: Int) -> [Scalar] { (0..<rows).map { self[$0, column] } }
}
