import AlignmentStages
import AlignmentTensors
import TestSupport

/// A stream that upstream's loop would make of recorded logits: drawn, forced, ended and begun again.
struct SimulatedStream {
    /// The segments, each with the recorded steps that its columns were drawn from.
    private(set) var segments: [(columns: [[Int64]], steps: [Int])] = []

    /// - Parameters:
    ///   - setting: what draws.
    ///   - length: sampler's steps.
    init(
        _ recorded: RecordedSteps, under setting: SamplerSetting, length: Int, _ random: inout SplitMix
    ) {
        let profile = recorded.profile
        let codebooks = profile.audioNumCodebooks
        var history: [[Int64]] = []
        var left = length
        while left > 0 {
            var machine = DelayStateMachine(profile)
            let opening = [Int64](repeating: Int64(profile.audioStreamBOS), count: codebooks)
            var columns = [opening]
            var steps: [Int] = []
            history.append(opening)
            for step in recorded.segments[Int(random.next() % UInt64(recorded.segments.count))]
            where left > 0 && !machine.hasEnded {
                let drawn = (0..<codebooks).map { codebook -> Int64 in
                    let row = recorded.steps[step][codebook]
                    return Self.draw(row, setting, history.map { $0[codebook] }, &random)
                }
                let column = machine.step(drawn)
                columns.append(column)
                history.append(column)
                history.removeFirst(max(history.count - 8, 0))
                steps.append(step)
                left -= 1
            }
            segments.append((columns, steps))
        }
    }

    private static func draw(
        _ row: LogitRow, _ setting: SamplerSetting, _ history: [Int64], _ random: inout SplitMix
    ) -> Int64 {
        let first = RowDistribution(row, under: setting, repeated: .ids([]))
        var rank = random.index(first.probabilities)
        if let rule = setting.repetition,
            history.suffix(rule.window).count(where: { $0 == Int64(row.ids[rank]) }) >= rule.limit
        {
            let raw = RowDistribution(row, under: SamplerSetting(temperature: 1), repeated: .ids([]))
            rank = random.index(raw.probabilities)
        }
        return Int64(row.ids[rank])
    }

    /// The live cells with the recorded row of each, as `GenerationStage` sees them.
    func draws(
        _ recorded: RecordedSteps, rules: [RepetitionRule?]
    ) -> [(draw: RecordedDraw, step: Int)] {
        let facts = GenerationFacts(
            logits: nil, referenceColumns: NDArray(repeating: 0, shape: .matrix(0, 0)),
            segments: segments.map { segment in
                NDArray(rows: recorded.profile.audioNumCodebooks, columns: segment.columns.count) {
                    segment.columns[$1][$0]
                }
            })
        let steps = segments.flatMap(\.steps)
        return GenerationStage.draws(facts, under: recorded.profile, rules: rules).map {
            ($0, steps[$0.step])
        }
    }
}

extension SplitMix {
    /// An index drawn with these probabilities.
    mutating func index(_ probabilities: [Double]) -> Int {
        let target = Double(next() >> 11) * 0x1p-53
        var sum = 0.0
        var last = 0
        for (index, probability) in probabilities.enumerated() where probability > 0 {
            sum += probability
            last = index
            if target < sum { return index }
        }
        return last
    }
}
