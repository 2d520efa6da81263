import AlignmentDiagnosis
import AlignmentStages

/// Weighs simulated streams, each at several lengths.
struct Weighing {
    let recorded: RecordedSteps
    let grid: SettingGrid

    /// The evidence of each stream's first so many steps, [stream][length].
    func evidence(_ streams: [SimulatedStream], lengths: [Int]) -> [[SamplerEvidence]] {
        /// A draw that may have been made in many streams.
        struct Key: Hashable {
            var step: Int
            var codebook: Int
            var id: Int
            var isLost: Bool
            var repeated: [RecordedDraw.Repeated]
        }
        var parts: [Key: (draw: RecordedDraw, streams: [Int])] = [:]
        for (index, stream) in streams.enumerated() {
            for (draw, step) in stream.draws(recorded, rules: grid.rules) {
                guard let part = lengths.firstIndex(where: { draw.step < $0 }) else { continue }
                let key = Key(
                    step: step, codebook: draw.cell.codebook, id: draw.cell.id, isLost: draw.isLost,
                    repeated: draw.repeated)
                parts[key, default: (draw, [])].streams.append(index * lengths.count + part)
            }
        }
        let grouped = Dictionary(grouping: parts) { [$0.key.step, $0.key.codebook] }
        let rows = grouped.map { place, entries in
            let row = recorded.steps[place[0]][place[1]]
            return StreamLikelihood.Row(
                row,
                draws: entries.map {
                    .init(
                        DrawLikelihood($0.value.draw, row: row, eos: recorded.profile.audioStreamEOS),
                        in: $0.value.streams)
                })
        }
        let likelihoods = StreamLikelihood.of(rows, streams: streams.count * lengths.count, under: grid)
        return streams.indices.map { stream in
            var sum: StreamLikelihood?
            return lengths.indices.map { part in
                let own = likelihoods[stream * lengths.count + part]
                let total = sum.map { $0 + own } ?? own
                sum = total
                return SamplerEvidence(total, grid: grid)
            }
        }
    }
}
