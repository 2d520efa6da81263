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
        guard let length = profile.rasWinLen else { return [] }
        var found: [DrawnCell] = []
        visitLiveCells(facts, under: profile, windowLength: length) { cell, window, _ in
            if window.count(of: Int64(cell.id), codebook: cell.codebook) >= profile.rasMaxRepeat {
                found.append(cell)
            }
        }
        return found
    }

    /// Live cells whose id cannot have been drawn under this profile.
    ///
    /// A cell is live if the state machine does not force it. An id outside the support is possible all the
    /// same where repetition-aware sampling may have drawn the row again: from the raw logits, if an id of
    /// the support stands often enough in the window.
    public static func impossibleDraws(
        _ facts: GenerationFacts, under profile: GenerationProfile
    ) -> [DrawnCell]? {
        guard profile.doSample, let logits = facts.logits, let ranking = facts.ranking else { return nil }
        let process = ScoreProcessors(profile, slack: 1e-6)
        let (codebooks, ids) = (logits.shape[1], logits.shape[2])
        var found: [DrawnCell] = []
        visitLiveCells(facts, under: profile, windowLength: profile.rasWinLen ?? 0) { cell, window, step in
            let rowIndex = step * codebooks + cell.codebook
            let start = rowIndex * ids
            let row = logits.scalars[start..<start + ids]
            guard (0..<ids).contains(cell.id) else { return }
            let scores = process(row, ascending: ranking.row(rowIndex))
            // Which of equal scores at the nucleus's edge stay is nobody's to say.
            let edge = scores.indices.lazy.filter { scores[$0] > -.infinity }.map { row[start + $0] }.min()
            guard scores[cell.id] == -.infinity, let edge, row[start + cell.id] < edge else { return }
            let mayBeRedrawn =
                profile.rasWinLen != nil
                && scores.indices.contains { candidate in
                    row[start + candidate] >= edge
                        && window.count(of: Int64(candidate), codebook: cell.codebook)
                            >= profile.rasMaxRepeat
                }
            if !mayBeRedrawn { found.append(cell) }
        }
        return found
    }

    /// Goes through the cells that were drawn, not forced, with the window before each and its step.
    private static func visitLiveCells(
        _ facts: GenerationFacts, under profile: GenerationProfile, windowLength: Int,
        _ visit: (_ cell: DrawnCell, _ window: RepetitionWindow, _ step: Int) -> Void
    ) {
        var window = RepetitionWindow(length: windowLength, under: profile)
        let codebooks = facts.segments.first?.rows ?? 0
        for index in 0..<facts.referenceColumns.columns where facts.referenceColumns.rows == codebooks {
            window.append(facts.referenceColumns.column(index))
        }
        var step = 0
        for (segmentIndex, segment) in facts.segments.enumerated() where segment.rows == codebooks {
            var machine = DelayStateMachine(segment, facts, under: profile)
            for index in 0..<segment.columns {
                let column = segment.column(index)
                if index > 0 {
                    _ = machine.replay(index, of: segment)
                    for codebook in machine.liveRows {
                        let cell = DrawnCell(
                            segment: segmentIndex, column: index, codebook: codebook,
                            id: Int(column[codebook]))
                        visit(cell, window, step)
                    }
                    step += 1
                }
                window.append(column)
            }
        }
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
