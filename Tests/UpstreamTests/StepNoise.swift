import AlignmentKit
import AlignmentStages
import Foundation

/// The random numbers of one step as torch drew them (Oracle/noise.py).
struct StepNoise: Decodable, Equatable, Sendable {
    /// Exponential variates of the first draw, [row, id]; none where the largest score wins.
    let first: PackedTensor
    /// Those of the rows that are drawn again, [row, id].
    let again: PackedTensor
    /// Which rows those are.
    let rows: PackedTensor

    /// Torch's noise for the steps of a case.
    static func noise(_ steps: [StepNoise]) throws -> DrawNoise {
        let first = try steps.map { try $0.first.array(Float.self) }
        let again = try steps.map { try $0.again.array(Float.self) }
        let rows = try steps.map { try $0.rows.array(Int64.self).scalars }
        return DrawNoise { draw, count in
            guard draw.isRedraw else { return Array(first[draw.step].row(draw.codebook)) }
            // A row that torch did not draw again has no variates; any ones show that it was asked for.
            guard let row = rows[draw.step].firstIndex(of: Int64(draw.codebook)) else {
                return Array(repeating: 1, count: count)
            }
            return Array(again[draw.step].row(row))
        }
    }
}
