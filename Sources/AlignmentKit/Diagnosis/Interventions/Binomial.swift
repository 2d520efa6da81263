import Foundation

/// Tails of the binomial distribution, and what follows from them.
enum Binomial {
    /// P(X ≥ k) for X ~ Bin(n, 1/2): 2^-n Σ C(n, i) over i = k ... n. To the last digit up to n of about 50, as the sum
    /// is then one of whole numbers that a double holds.
    ///
    /// - Parameters:
    ///   - successes: k; 0 and less give 1.
    ///   - trials: n, from 0.
    static func fairTail(atLeast successes: Int, of trials: Int) -> Double {
        guard successes > 0 else { return 1 }
        guard successes <= trials else { return 0 }
        var (term, sum, exponent) = (1.0, 1.0, -trials)
        for index in stride(from: trials, to: successes, by: -1) {
            term = term * Double(index) / Double(trials - index + 1)
            sum += term
            if sum > 0x1p500 {
                (term, sum, exponent) = (term * 0x1p-500, sum * 0x1p-500, exponent + 500)
            }
        }
        return scalbn(sum, exponent)
    }

    /// P(Y ≤ x) for Y ~ Bin(m, q).
    ///
    /// - Parameters:
    ///   - successes: x, 0 ... m.
    ///   - trials: m, from 0.
    ///   - share: q, in (0, 1).
    static func tail(atMost successes: Int, of trials: Int, share: Double) -> Double {
        let (log, logRest) = (log(share), log1p(-share))
        var (choices, sum) = (0.0, 0.0)
        for index in 0...successes {
            sum += exp(choices + Double(index) * log + Double(trials - index) * logRest)
            choices += Foundation.log(Double(trials - index)) - Foundation.log(Double(index + 1))
        }
        return min(sum, 1)
    }

    /// The one-sided upper bound of Clopper and Pearson for a share, in (0, 1]: the u with
    /// P(Y ≤ x | Y ~ Bin(m, u)) = α; 1 where x = m. For x = 0 it is 1 - α^(1/m).
    ///
    /// - Parameters:
    ///   - successes: x, 0 ... m.
    ///   - trials: m, from 0.
    ///   - level: α, in (0, 1).
    static func upperBound(successes: Int, of trials: Int, beyond level: Double) -> Double {
        guard successes < trials else { return 1 }
        var (low, high) = (Double(successes) / Double(trials), 1.0)
        // Halved until nothing lies between.
        while case let middle = (low + high) / 2, low < middle, middle < high {
            if tail(atMost: successes, of: trials, share: middle) > level {
                low = middle
            } else {
                high = middle
            }
        }
        return high
    }
}
