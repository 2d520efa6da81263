package import AlignmentStages
import Dispatch
import Foundation

/// The log-likelihood of a recorded stream under every setting of a grid, as bounds.
package struct StreamLikelihood: Sendable {
    /// Upper bounds, [setting]: what a setting is cleared by.
    package var upper: [Double]
    /// Lower bounds, [setting]: what a setting accuses another one with.
    package var lower: [Double]
    /// Draws that were judged.
    package var draws: Int

    /// The draws of several streams together.
    package static func + (left: Self, right: Self) -> Self {
        StreamLikelihood(
            upper: zip(left.upper, right.upper).map(+), lower: zip(left.lower, right.lower).map(+),
            draws: left.draws + right.draws)
    }

    /// A row of logits with the draws that were made from it.
    package struct Row: Sendable {
        let logits: LogitRow
        let draws: [Draw]

        /// A draw, and the streams that it was made in.
        package struct Draw: Sendable {
            let likelihood: DrawLikelihood
            let streams: [Int]

            package init(_ likelihood: DrawLikelihood, in streams: [Int]) {
                self.likelihood = likelihood
                self.streams = streams
            }
        }

        package init(_ logits: LogitRow, draws: [Draw]) {
            self.logits = logits
            self.draws = draws
        }
    }

    /// The log-likelihood of each of several streams. Temperatures are worked on at the same time.
    package static func of(_ rows: [Row], streams: Int, under grid: SettingGrid) -> [StreamLikelihood] {
        let width = grid.count
        var upper = [Double](repeating: 0, count: streams * width)
        var lower = upper
        upper.withUnsafeMutableBufferPointer { upper in
            lower.withUnsafeMutableBufferPointer { lower in
                let sums = Sums(upper: upper.baseAddress, lower: lower.baseAddress, width: width)
                DispatchQueue.concurrentPerform(iterations: grid.blocks.count) { index in
                    let block = grid.blocks[index]
                    for row in rows { add(row, in: block, of: grid, to: sums) }
                }
            }
        }
        var counts = [Int](repeating: 0, count: streams)
        for row in rows {
            for draw in row.draws {
                for stream in draw.streams { counts[stream] += 1 }
            }
        }
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

        func add(_ logs: Logs, streams: [Int], from setting: Int) {
            guard let upper, let lower else { return }
            for stream in streams {
                let start = stream * width + setting
                for index in logs.upper.indices {
                    upper[start + index] += logs.upper[index]
                    lower[start + index] += logs.lower[index]
                }
            }
        }
    }

    /// The logs of a draw's bounds under the settings of a block.
    private struct Logs {
        var upper: [Double] = []
        var lower: [Double] = []

        mutating func append(_ bounds: ClosedRange<Double>) {
            let high = log(bounds.upperBound)
            upper.append(high)
            lower.append(bounds.lowerBound == bounds.upperBound ? high : log(bounds.lowerBound))
        }
    }

    private static func add(
        _ row: Row, in block: SettingGrid.Block, of grid: SettingGrid, to sums: Sums
    ) {
        guard let temperature = block.temperature else {
            for draw in row.draws {
                var logs = Logs()
                for rule in grid.rules.indices { logs.append(draw.likelihood.greedy(rule: rule)) }
                sums.add(logs, streams: draw.streams, from: block.first)
            }
            return
        }
        let tempered = TemperedRow(row.logits, temperature: temperature)
        let supports = grid.cuts.map { tempered.support(topK: $0.topK, topP: $0.topP) }
        for draw in row.draws {
            let weights = draw.likelihood.weights(at: tempered)
            var logs = Logs()
            for support in supports {
                for rule in grid.rules.indices {
                    logs.append(draw.likelihood.bounds(weights, in: support, of: tempered, rule: rule))
                }
            }
            sums.add(logs, streams: draw.streams, from: block.first)
        }
    }
}
