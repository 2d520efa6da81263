import Foundation
public import AlignmentTensors

extension GenerationStage {
    /// What the sampler would have kept under a profile, step by step on the recorded logits.
    ///
    /// Teacher-forced: each step stands on the columns that were recorded before it, so a column is what the
    /// pipeline would have kept there only as long as no earlier one differs.
    ///
    /// - Parameter noise: the draws' random numbers; the same noise makes two profiles comparable.
    /// - Returns: one stream for each segment, [codebook, column], the first column as recorded; nil without
    ///   logits.
    /// - Source: upstream `HiggsAudioModel._sample_audio_tokens`; transformers'
    ///   `HiggsAudioV2GenerationMixin._sample`.
    public static func replay(
        _ facts: GenerationFacts, under profile: GenerationProfile, noise: DrawNoise
    ) -> [NDArray<Int64>]? {
        guard let logits = facts.logits, var scores = StepScores(facts, under: profile) else { return nil }
        var sampler = ReplayedSampler(facts, under: profile, noise: noise)
        var step = 0
        return facts.segments.map { segment in
            var machine = DelayStateMachine(segment, facts, under: profile)
            var columns = segment.columns > 0 ? [segment.column(0)] : []
            columns.first.map { sampler.window.append($0) }
            for index in 1..<max(segment.columns, 1) {
                scores.process(step, masks: machine.masks)
                var drawn = sampler.draw(step, scores: scores.scores)
                let again = sampler.redraw(&drawn, step, logits: logits)
                var next = machine
                var column = next.step(drawn)
                // The port's redraws come after the mask.
                if case .mask = profile.delayMachine { for row in again { column[row] = drawn[row] } }
                columns.append(column)
                _ = machine.replay(index, of: segment)
                sampler.window.append(segment.column(index))
                step += 1
            }
            return NDArray(rows: segment.rows, columns: columns.count) { columns[$1][$0] }
        }
    }
}

/// Draws a step's column and draws repeated rows again.
private struct ReplayedSampler {
    var window: RepetitionWindow
    private let profile: GenerationProfile
    private let noise: DrawNoise

    init(_ facts: GenerationFacts, under profile: GenerationProfile, noise: DrawNoise) {
        self.profile = profile
        self.noise = noise
        window = RepetitionWindow(length: profile.rasWinLen ?? 0, under: profile)
        for index in 0..<facts.referenceColumns.columns {
            window.append(facts.referenceColumns.column(index))
        }
    }

    /// The ids drawn from a step's scores, [codebook].
    func draw(_ step: Int, scores: NDArray<Float>) -> [Int64] {
        (0..<scores.shape[1]).map { codebook in
            let row = scores.row(step: step, codebook: codebook)
            guard profile.doSample else { return Int64(argmax(row) ?? 0) }
            let draw = DrawNoise.Draw(step: step, codebook: codebook, isRedraw: false)
            return Int64(noise.drawn(draw, from: softmax(row)) ?? 0)
        }
    }

    /// Draws from the raw logits the rows whose id stands often enough in the window; gives their numbers.
    func redraw(_ drawn: inout [Int64], _ step: Int, logits: NDArray<Float>) -> [Int] {
        guard profile.rasWinLen != nil else { return [] }
        let rows = drawn.indices.filter {
            window.count(of: drawn[$0], codebook: $0) >= profile.rasMaxRepeat
        }
        for row in rows {
            let draw = DrawNoise.Draw(step: step, codebook: row, isRedraw: true)
            let raw = softmax(logits.row(step: step, codebook: row))
            drawn[row] = Int64(noise.drawn(draw, from: raw) ?? 0)
        }
        return rows
    }

    private func argmax(_ row: ArraySlice<Float>) -> Int? {
        row.indices.max { row[$0] < row[$1] || row[$0] == row[$1] && $0 > $1 }.map { $0 - row.startIndex }
    }

    /// Probabilities in binary32, as torch's softmax over one row.
    private func softmax(_ row: ArraySlice<Float>) -> [Float] {
        let largest = row.max() ?? 0
        let weights = row.map { Foundation.exp($0 - largest) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }
}

extension NDArray<Float> {
    /// One row of [step, codebook, id].
    fileprivate func row(step: Int, codebook: Int) -> ArraySlice<Float> {
        let start = (step * shape[1] + codebook) * shape[2]
        return scalars[start..<start + shape[2]]
    }
}
