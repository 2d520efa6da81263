import Foundation

/// The rows of the compared steps, measured one by one.
struct LogitTally {
    /// Live rows, by step and codebook.
    private(set) var rows: [RowDifference] = []
    /// Rows of forced cells.
    private(set) var forced: [RowDifference] = []
    /// Live cells whose logits are no numbers.
    private(set) var brokenCells = 0
    /// What the logits were stored as.
    let precisions: LogitAgreement.Precisions
    /// Of each codebook, the sum over its live rows of what the fit leaves of each id, every row of length 1.
    private(set) var directions: [(sum: [Double], rows: Int)]

    /// - Parameter live: live cells, as step · codebooks + codebook.
    init(_ pairs: LogitPairs, steps: Int, live: Set<Int>) {
        var sieves = (StoredPrecision.Sieve(), StoredPrecision.Sieve())
        var residual = [Double](repeating: 0, count: pairs.width)
        directions = Array(repeating: (residual, 0), count: pairs.codebooks)
        for step in 0..<steps {
            for codebook in 0..<pairs.codebooks {
                let (left, right) = pairs.row(step: step, codebook: codebook)
                sieves.0.add(left)
                sieves.1.add(right)
                let isLive = live.contains(step * pairs.codebooks + codebook)
                guard
                    let row = RowDifference(
                        step: step, codebook: codebook, captured: left, golden: right, residual: &residual)
                else {
                    brokenCells += isLive ? 1 : 0
                    continue
                }
                guard isLive else {
                    forced.append(row)
                    continue
                }
                rows.append(row)
                guard row.residualEnergy > 0 else { continue }
                let length = row.residualEnergy.squareRoot()
                for id in residual.indices { directions[codebook].sum[id] += residual[id] / length }
                directions[codebook].rows += 1
            }
        }
        precisions = LogitAgreement.Precisions(captured: sieves.0.precision, golden: sieves.1.precision)
    }

    /// Energy of the golden over that of the error, in dB; infinite without an error.
    static func snr(
        _ rows: [RowDifference], error: (RowDifference) -> Double = \.errorEnergy
    ) -> Double {
        let error = rows.reduce(0) { $0 + error($1) }
        return error > 0 ? 10 * log10(rows.reduce(0) { $0 + $1.goldenEnergy } / error) : .infinity
    }
}

extension RowDifference {
    /// The error's energy over the golden's.
    var noise: Double { goldenEnergy > 0 ? errorEnergy / goldenEnergy : errorEnergy > 0 ? 1 : 0 }
}

extension LogitAgreement.Residual {
    /// A direction in the space of logits is free in at least so many dimensions: 96 is the tiny model's width, and more
    /// where each logit is rounded by itself.
    private static let dimensions = 64.0

    init(_ tally: LogitTally) {
        let rows = tally.rows.filter { $0.errorEnergy > 0 }
        let ofCodebook = Dictionary(grouping: rows, by: \.codebook).values.map { LogitTally.snr($0) }
        codebookSpreadDb = ofCodebook.count > 1 ? (ofCodebook.max() ?? 0) - (ofCodebook.min() ?? 0) : nil
        let levels = rows.map { 10 * log10($0.noise) }
        if levels.count > 1 {
            let mean = levels.reduce(0, +) / Double(levels.count)
            cellSpreadDb =
                (levels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(levels.count)).squareRoot()
        }
        let all = tally.directions.filter { $0.rows > 1 }
        if !all.isEmpty {
            // |Σ u|² is the number of rows plus the cosines of all ordered pairs.
            let cosines = all.map { direction in
                let length = direction.sum.reduce(0) { $0 + $1 * $1 }
                return (length - Double(direction.rows)) / Double(direction.rows * (direction.rows - 1))
            }
            persistence = cosines.reduce(0, +) / Double(cosines.count)
            let pairs = all.map { Double($0.rows * ($0.rows - 1)) / 2 }.max() ?? 1
            persistenceChance = 4 / (pairs * Self.dimensions).squareRoot()
        }
        let error = rows.reduce(0) { $0 + $1.errorEnergy }
        let golden = rows.reduce(0) { $0 + $1.goldenEnergy }
        let slope = (rows.map(\.scale).median ?? 1) - 1
        correlation =
            error > 0 ? slope.magnitude / (error / max(golden, .leastNormalMagnitude)).squareRoot() : 0
    }
}
