import Foundation

/// One row of logits at a temperature: the mass above each rank, and what top-k and top-p leave of it.
///
/// Masses are relative to the largest logit's. What rounding, equal logits and unrecorded ones leave open is
/// carried along as bounds, so that a likelihood is never wrong in the direction that accuses.
package struct TemperedRow: Sendable {
    private let row: LogitRow
    private let temperature: Float
    /// Logits after temperature, in binary32 as upstream divides them.
    private let scores: [Float]
    /// The mass of the first r ids, [rank].
    private let mass: [Double]
    /// The mass of the ids without a recorded logit.
    private let tail: ClosedRange<Double>

    /// - Parameter temperature: above 0.
    package init(_ row: LogitRow, temperature: Double) {
        self.row = row
        let divisor = Float(temperature)
        self.temperature = divisor
        let scores = temperature == 1 ? row.logits : row.logits.map { $0 / divisor }
        self.scores = scores
        let largest = scores.first ?? 0
        var sum = 0.0
        mass = Array(unsafeUninitializedCapacity: scores.count + 1) { mass, count in
            mass[0] = 0
            for (rank, score) in scores.enumerated() {
                let distance = score - largest
                // What is smaller than rounding adds nothing.
                if distance > -40 { sum += exp(Double(distance)) }
                mass[rank + 1] = sum
            }
            count = scores.count + 1
        }
        tail = Self.tail(row, temperature: temperature)
    }

    /// The mass of ids of which only the mass at temperature 1 is known, and that none is above the last recorded one.
    ///
    /// With s = 1 / T and u the weights at T = 1, the power mean bounds Σ uˢ on one side, the largest u on the other.
    private static func tail(_ row: LogitRow, temperature: Double) -> ClosedRange<Double> {
        guard row.tailCount > 0, let first = row.logits.first, let last = row.logits.last else {
            return 0...0
        }
        let (power, count) = (1 / temperature, Double(row.tailCount))
        let whole = exp(row.logSumExp - Double(first))
        let largest = Double(last - first)
        func mean(_ mass: Double) -> Double { count * pow(mass / count, power) }
        func extreme(_ mass: Double) -> Double { mass * exp(largest * (power - 1)) }
        let (low, high) = (row.tailMass.lowerBound * whole, row.tailMass.upperBound * whole)
        let bounds = power >= 1 ? (mean(low), extreme(high)) : (extreme(low), mean(high))
        return min(bounds.0, bounds.1)...bounds.1
    }

    /// What top-k and top-p leave.
    package struct Support: Sendable {
        /// Ids of lower rank are kept.
        var certain: Int
        /// Ids from this rank on are dropped.
        var possible: Int
        /// The mass that is kept.
        var mass: ClosedRange<Double>
        /// What is kept of the ids without a recorded logit.
        var tail: Tail
        /// The nucleus's edge may lie among equals of the last recorded score, of which some are not recorded.
        var mayCutLast = false
    }

    /// What is kept of the ids without a recorded logit.
    package enum Tail: Sendable {
        case all, none, unknown
        /// At most what ties with the last recorded score.
        case equals
    }

    /// What top-k and top-p leave, in upstream's order.
    ///
    /// - Source: transformers 4.46 `TopKLogitsWarper` (what ties with the k-th stays) and `TopPLogitsWarper` (dropped
    ///   while the mass of it and all below is at most 1 - p: kept while the mass above is below p).
    package func support(topK: Int?, topP: Double?) -> Support {
        let support = largest(topK)
        guard let topP else { return support }
        let low = (topP - LogitRow.slack) * support.mass.lowerBound
        let high = (topP + LogitRow.slack) * support.mass.upperBound
        let certain = max(1, ranks(reaching: low, of: support.possible))
        let possible = max(certain, ranks(reaching: high, of: support.possible))
        if mass[support.possible] >= high {
            let endsAmongLast = support.tail != .none && possible > equals(of: scores.count - 1).lowerBound
            return Support(
                certain: certain, possible: possible, mass: mass[certain]...mass[possible],
                tail: endsAmongLast ? .equals : .none, mayCutLast: endsAmongLast)
        }
        let reached = mass[support.possible] >= low ? mass[certain] : max(mass[support.possible], low)
        return Support(
            certain: certain, possible: possible,
            mass: min(reached, support.mass.upperBound)...support.mass.upperBound,
            tail: support.tail == .all ? .unknown : support.tail, mayCutLast: support.tail != .none)
    }

    private func largest(_ count: Int?) -> Support {
        let known = scores.count
        guard let count = count.map({ max($0, 1) }), count < known + row.tailCount else {
            return Support(
                certain: known, possible: known,
                mass: mass[known] + tail.lowerBound...mass[known] + tail.upperBound,
                tail: row.tailCount > 0 ? .all : .none)
        }
        guard count <= known else {
            let share = Double(count - known) / Double(row.tailCount)
            return Support(
                certain: known, possible: known,
                mass: mass[known] + tail.lowerBound * share...mass[known] + tail.upperBound, tail: .unknown)
        }
        let end = equals(of: count - 1).upperBound
        let mayReachTail = end == known && row.tailCount > 0
        return Support(
            certain: end, possible: end,
            mass: mass[end]...mass[end] + (mayReachTail ? tail.upperBound : 0),
            tail: mayReachTail ? .equals : .none)
    }

    /// How many ids of the first so many it takes to reach a mass; all of them where they do not.
    private func ranks(reaching target: Double, of count: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if mass[middle] >= target { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The ranks whose score is the same.
    private func equals(of rank: Int) -> Range<Int> {
        var (low, high) = (rank, rank + 1)
        while low > 0, scores[low - 1] == scores[rank] { low -= 1 }
        while high < scores.count, scores[high] == scores[rank] { high += 1 }
        return low..<high
    }

    /// Ids with a recorded logit.
    var recordedCount: Int { scores.count }

    /// The mass of the id of a rank.
    func mass(of rank: Int) -> Double { mass[rank + 1] - mass[rank] }

    /// An id's own mass and where its equals stand: what a support is asked about.
    package struct Weight: Sendable {
        /// Their ranks; nil for an id without a recorded logit.
        fileprivate var equals: Range<Int>?
        fileprivate var mass: ClosedRange<Double>
        /// Its score may be the last recorded one.
        fileprivate var mayEqualLast = false
    }

    /// The mass of an id.
    package func weight(_ place: LogitRow.Place) -> Weight {
        let largest = Double(scores.first ?? 0)
        switch place {
        case .recorded(let rank):
            let mass = exp(Double(scores[rank]) - largest)
            return Weight(equals: equals(of: rank), mass: mass...mass)
        case .unrecorded(let logit?):
            let score = logit / temperature
            let mass = exp(Double(score) - largest)
            return Weight(equals: nil, mass: mass...mass, mayEqualLast: score == scores.last)
        case .unrecorded(nil):
            let most = min(exp(Double(scores.last ?? 0) - largest), tail.upperBound)
            return Weight(equals: nil, mass: 0...most, mayEqualLast: true)
        }
    }

    /// The probability of an id under what top-k and top-p leave, as bounds.
    ///
    /// Which of several equal scores at the nucleus's edge stay is `torch.sort`'s choice: the upper bound is that of
    /// one that stays, the lower one that of a choice by chance.
    package func probability(_ weight: Weight, in support: Support) -> ClosedRange<Double> {
        let (least, most) = (support.mass.lowerBound, support.mass.upperBound)
        let high = min(weight.mass.upperBound / least, 1)
        let low = min(weight.mass.lowerBound / most, high)
        guard let equals = weight.equals else {
            switch support.tail {
            case .all: return low...high
            case .unknown: return 0...high
            case .equals: return 0...(weight.mayEqualLast ? high : 0)
            case .none: return 0...0
            }
        }
        if equals.lowerBound >= support.possible { return 0...0 }
        let others = support.mayCutLast && equals.upperBound == recordedCount ? unrecordedEquals : 0
        if equals.upperBound <= support.certain, others == 0 { return low...high }
        let kept = max(min(support.certain, equals.upperBound) - equals.lowerBound, 0)
        return low * Double(kept) / (Double(equals.count) + others)...high
    }

    /// At most so many ids without a recorded logit have the last recorded score.
    private var unrecordedEquals: Double {
        guard let last = scores.last, let first = scores.first else { return 0 }
        let share = tail.upperBound / exp(Double(last) - Double(first))
        return min(Double(row.tailCount), share.rounded(.down))
    }
}
