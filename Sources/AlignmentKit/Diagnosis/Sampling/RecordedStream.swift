import AlignmentStages
import Foundation

/// The live cells of one request with the logits that they were drawn from.
struct RecordedStream: Sendable {
    /// Each cell with its row.
    let cells: [Cell]
    /// Sampler's steps, over all segments.
    let steps: Int
    /// The rules of repetition that the cells know the window of.
    let rules: [RepetitionRule?]
    /// Live cells whose logits are no numbers, or whose id is outside the vocabulary.
    let skipped: Int

    /// A live cell.
    struct Cell: Sendable {
        let draw: RecordedDraw
        let row: LogitRow
        let likelihood: DrawLikelihood
    }

    /// nil without logits.
    init?(_ facts: GenerationFacts, under profile: GenerationProfile, rules: [RepetitionRule?]) {
        guard facts.hasLogits else { return nil }
        self.rules = rules
        steps = facts.stepCount
        var (cells, skipped): ([Cell], Int) = ([], 0)
        for draw in GenerationStage.draws(facts, under: profile, rules: rules) {
            guard let row = facts.logitRow(step: draw.step, codebook: draw.cell.codebook), !row.isBroken,
                (0..<row.logits.count + row.tailCount).contains(draw.cell.id)
            else {
                skipped += 1
                continue
            }
            cells.append(
                Cell(
                    draw: draw, row: row,
                    likelihood: DrawLikelihood(draw, row: row, eos: profile.audioStreamEOS)))
        }
        self.cells = cells
        self.skipped = skipped
    }

    /// Cells whose draw was kept.
    var kept: [Cell] { cells.filter { !$0.draw.isLost } }

    /// Steps in which such a stream makes so many draws.
    func steps(making draws: Int) -> Int {
        Int((Double(draws) * Double(max(steps, 1)) / Double(max(kept.count, 1))).rounded(.up))
    }

    /// The log-likelihood of the cells under every setting of a grid.
    ///
    /// - Parameter grid: its rules are those of the stream, or one of them.
    func likelihood(under grid: SettingGrid) -> StreamLikelihood {
        let rows = cells.map { cell in
            let likelihood =
                grid.rules == rules
                ? cell.likelihood
                : cell.likelihood.knowing(grid.rules.map { rules.firstIndex(of: $0) ?? 0 })
            return StreamLikelihood.Row(cell.row, draws: [.init(likelihood, in: [0])])
        }
        return StreamLikelihood.of(rows, streams: 1, under: grid)[0]
    }
}
