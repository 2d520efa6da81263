import Foundation

/// What so many draws say about the probabilities that they may have come from.
///
/// No approximation: a check rejects the true probabilities less often than once in 10¹².
struct DrawCounts {
    private static let doubt = 12 * log(10.0)

    /// How often each outcome was drawn.
    let counts: [Int]
    private let total: Double

    init(_ counts: [Int]) {
        self.counts = counts
        total = Double(counts.reduce(0, +))
    }

    /// Whether an outcome's probability may be this small (Chernoff's bound).
    func allow(_ most: Double, for outcome: Int) -> Bool {
        let share = Double(counts[outcome]) / total
        guard share > most else { return true }
        let rest = share < 1 ? (1 - share) * log((1 - share) / (1 - most)) : 0
        return total * (share * log(share / most) + rest) <= Self.doubt
    }

    /// Whether these may be all outcomes' probabilities, by the G-test.
    ///
    /// With k outcomes the tail of G / 2 is at most that of the Gamma distribution of shape k - 1.
    /// Source: R. Agrawal, Finite-Sample Concentration of the Multinomial in Relative Entropy, 2020.
    func allow(_ probabilities: [Double]) -> Bool {
        let sum = probabilities.reduce(0, +)
        // Rare outcomes say more together.
        var (cells, rare): ([(count: Int, share: Double)], (count: Int, share: Double)) = ([], (0, 0))
        for (count, probability) in zip(counts, probabilities) {
            let share = probability / sum
            if share * total >= 5 || (share == 0 && count > 0) {
                cells.append((count, share))
            } else {
                rare = (rare.count + count, rare.share + share)
            }
        }
        if rare.share > 0 { cells.append(rare) }
        let half = cells.reduce(0) { sum, cell in
            let count = Double(cell.count)
            return cell.count == 0 ? sum : sum + count * log(count / (total * cell.share))
        }
        let shape = Double(cells.count - 1)
        guard shape > 0 else { return half < 1e-6 }
        return half <= shape || half - shape - shape * log(half / shape) <= Self.doubt
    }
}
