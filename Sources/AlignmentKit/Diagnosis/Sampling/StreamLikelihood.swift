import AlignmentStages
import Dispatch
import Foundation

/// The log-likelihood of recorded streams under every setting of a grid, as bounds.
struct StreamLikelihood: Sendable {
    /// Upper bounds, [setting]: what a setting is cleared by.
    var upper: [Double]
    /// Lower bounds, [setting]: what a setting accuses another one with.
    var lower: [Double]
    /// Draws that were judged.
    var draws: Int

    /// The draws of several streams together.
    static func + (left: Self, right: Self) -> Self {
        StreamLikelihood(
            upper: zip(left.upper, right.upper).map(+), lower: zip(left.lower, right.lower).map(+),
            draws: left.draws + right.draws)
    }

    /// A row of logits with the draws that were made from it.
    struct Row: Sendable {
        let logits: LogitRow
        var draws: [(stream: Int, likelihood: DrawLikelihood)]
    }

    /// The log-likelihood of each stream.
    ///
    /// - Parameters:
    ///   - rows: a row that several draws were made from is processed once.
    ///   - streams: how many there are.
    static func of(_ rows: [Row], streams: Int, under grid: SettingGrid) -> [StreamLikelihood] {
        let slots = grid.temperatures.count + (grid.includesGreedy ? 1 : 0)
        let width = grid.count
        var upper = [Double](repeating: 0, count: streams * width)
        var lower = upper
        upper.withUnsafeMutableBufferPointer { upper in
            lower.withUnsafeMutableBufferPointer { lower in
                let sums = Sums(upper: upper.baseAddress, lower: lower.baseAddress, width: width)
                DispatchQueue.concurrentPerform(iterations: slots) { slot in
                    if slot < grid.temperatures.count {
                        add(rows, at: slot, of: grid, to: sums)
                    } else {
                        addGreedy(rows, of: grid, to: sums)
                    }
                }
            }
        }
        var counts = [Int](repeating: 0, count: streams)
        for row in rows { for draw in row.draws { counts[draw.stream] += 1 } }
        return (0..<streams).map { stream in
            let range = stream * width..<(stream + 1) * width
            return StreamLikelihood(
                upper: Array(upper[range]), lower: Array(lower[range]), draws: counts[stream])
        }
    }

    /// Where the workers add, each at settings of its own.
    private struct Sums: @unchecked Sendable {
        let upper: UnsafeMutablePointer<Double>?
        let lower: UnsafeMutablePointer<Double>?
        let width: Int

        func add(_ bounds: ClosedRange<Double>, stream: Int, setting: Int) {
            guard let upper, let lower else { return }
            let index = stream * width + setting
            let high = log(bounds.upperBound)
            upper[index] += high
            lower[index] += bounds.lowerBound == bounds.upperBound ? high : log(bounds.lowerBound)
        }
    }

    private static func add(_ rows: [Row], at slot: Int, of grid: SettingGrid, to sums: Sums) {
        let (cuts, rules) = (grid.cuts, grid.rules.count)
        let first = slot * cuts.count * rules
        for row in rows {
            let tempered = TemperedRow(row.logits, temperature: grid.temperatures[slot])
            let supports = cuts.map { tempered.support(topK: $0.topK, topP: $0.topP) }
            for (stream, likelihood) in row.draws {
                let weights = likelihood.weights(at: tempered)
                for (cut, support) in supports.enumerated() {
                    for rule in 0..<rules {
                        sums.add(
                            likelihood.bounds(weights, in: support, of: tempered, rule: rule),
                            stream: stream, setting: first + cut * rules + rule)
                    }
                }
            }
        }
    }

    private static func addGreedy(_ rows: [Row], of grid: SettingGrid, to sums: Sums) {
        let rules = grid.rules.count
        let first = grid.temperatures.count * grid.cuts.count * rules
        for row in rows {
            for (stream, likelihood) in row.draws {
                for rule in 0..<rules {
                    sums.add(likelihood.greedy(rule: rule), stream: stream, setting: first + rule)
                }
            }
        }
    }
}
