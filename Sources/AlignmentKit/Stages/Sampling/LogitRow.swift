import AlignmentTensors
import Foundation

/// The logits of one codebook at one step, from the largest down, and what is known of those that were not recorded.
package struct LogitRow: Sendable {
    /// The recorded logits, falling.
    package let logits: [Float]
    /// Their ids; equal logits in any order.
    package let ids: [Int32]
    /// Ids without a recorded logit: each lies at or below the last recorded one.
    package let tailCount: Int
    /// Their probability before any processor, as bounds.
    package let tailMass: ClosedRange<Double>
    /// log of the sum of the exponentials of all logits.
    package let logSumExp: Double
    /// The logit of an id without a recorded one, where it is known all the same: what was drawn.
    private let drawn: (id: Int, logit: Float)?

    /// A row of which every logit is known.
    ///
    /// - Parameter ascending: the row's ids from the smallest logit to the largest.
    init(_ logits: ArraySlice<Float>, ascending: ArraySlice<Int32>) {
        ids = ascending.reversed()
        let start = logits.startIndex
        self.logits = ids.map { logits[start + Int($0)] }
        tailCount = 0
        tailMass = 0...0
        drawn = nil
        let largest = Double(self.logits.first ?? 0)
        logSumExp = largest + log(self.logits.reduce(0) { $0 + exp(Double($1) - largest) })
    }

    /// A row of which the largest logits are known, in any order.
    ///
    /// The tail's mass is a difference of two numbers in binary32, so it is known to a few parts in a million.
    init(
        top logits: ArraySlice<Float>, ids: ArraySlice<Int64>, vocabulary: Int, logSumExp: Float,
        drawn: (id: Int, logit: Float)
    ) {
        let order = logits.indices.sorted { logits[$0] > logits[$1] }
        let offset = ids.startIndex - logits.startIndex
        self.logits = order.map { logits[$0] }
        self.ids = order.map { Int32(truncatingIfNeeded: ids[$0 + offset]) }
        self.logSumExp = Double(logSumExp)
        self.drawn = drawn
        tailCount = max(vocabulary - logits.count, 0)
        let whole = Double(logSumExp)
        let rest = 1 - self.logits.reduce(0) { $0 + exp(Double($1) - whole) }
        let most = Double(tailCount) * exp(Double(self.logits.last ?? 0) - whole)
        let high = tailCount == 0 ? 0 : min(max(rest + Self.slack, 0), most)
        tailMass = min(max(rest - Self.slack, 0), high)...high
    }

    /// What rounding to binary32 may do to a sum of probabilities.
    static let slack = 2e-6

    /// No processor can make sense of it: NaN, or nothing but -infinity.
    package var isBroken: Bool { !logSumExp.isFinite || !(logits.first?.isFinite ?? false) }

    /// Where an id stands in the row.
    package func place(of id: Int) -> Place {
        if let rank = ids.firstIndex(of: Int32(truncatingIfNeeded: id)) { return .recorded(rank: rank) }
        return .unrecorded(logit: drawn.flatMap { $0.id == id ? $0.logit : nil })
    }

    /// Where an id stands in a row.
    package enum Place: Sendable, Equatable {
        /// So many logits are recorded before it.
        case recorded(rank: Int)
        /// Among those that were not recorded.
        case unrecorded(logit: Float?)
    }

    /// The probability of an id before any processor, as bounds.
    package func rawProbability(_ place: Place) -> ClosedRange<Double> {
        switch place {
        case .recorded(let rank): exactly(logits[rank])
        case .unrecorded(let logit?): exactly(logit)
        case .unrecorded(nil): 0...min(exp(Double(logits.last ?? 0) - logSumExp), tailMass.upperBound)
        }
    }

    private func exactly(_ logit: Float) -> ClosedRange<Double> {
        let probability = exp(Double(logit) - logSumExp)
        return probability...probability
    }
}

extension GenerationFacts {
    /// The logits of one codebook at one step; nil where none were recorded.
    package func logitRow(step: Int, codebook: Int) -> LogitRow? {
        if let logits, let ranking {
            let row = step * logits.shape[1] + codebook
            let width = logits.shape[2]
            return LogitRow(
                logits.scalars[row * width..<(row + 1) * width], ascending: ranking.row(row))
        }
        guard let top else { return nil }
        let row = step * top.ids.shape[1] + codebook
        let width = top.ids.shape[2]
        return LogitRow(
            top: top.logits.scalars[row * width..<(row + 1) * width],
            ids: top.ids.scalars[row * width..<(row + 1) * width], vocabulary: top.vocabulary,
            logSumExp: top.logSumExp[flat: row],
            drawn: (keptID(step: step, codebook: codebook), top.drawnLogit[flat: row]))
    }

    /// The id that was kept at a sampler's step; -1 for none.
    private func keptID(step: Int, codebook: Int) -> Int {
        var step = step
        for segment in segments {
            let steps = max(segment.columns - 1, 0)
            if step < steps { return codebook < segment.rows ? Int(segment[codebook, step + 1]) : -1 }
            step -= steps
        }
        return -1
    }

    /// Any logits at all were recorded.
    package var hasLogits: Bool { logits != nil || top != nil }
}
