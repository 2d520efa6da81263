internal import AlignmentArchive
internal import AlignmentTensors

/// Tokens of a delay-patterned stream that differ.
///
/// A flip is a near-tie if both sides took the token with the largest of their own logits, and each side's
/// margin between both tokens lies within the logits' noise floor. The floor is measured: the largest
/// difference of the logits of both sides over the steps up to the first flip, while the context is the same,
/// without the two tokens of that flip, whose difference is what is judged.
public struct TokenFlips: Sendable, Codable, Equatable {
    /// Tokens that differ.
    public var count = 0
    /// Of those, how many are near-ties.
    public var nearTies = 0
    /// The first flip.
    public var first: Flip?
    /// The largest difference of the logits up to the first flip; nil where the logits are not there.
    public var noiseFloor: Double?

    /// One token that differs.
    public struct Flip: Sendable, Codable, Equatable {
        /// The codebook.
        public var codebook: Int
        /// The column of the delay pattern.
        public var column: Int
        /// The token on the left.
        public var left: Int
        /// The token on the right.
        public var right: Int
        /// The right side's logit of its own token less that of the left's; nil where the logits are not there.
        public var margin: Double?
        /// Whether it is a near-tie.
        public var isNearTie: Bool
    }

    /// Whether every flip is a near-tie.
    public var areNearTies: Bool { count > 0 && nearTies == count }
}

/// Recorded logits of one segment, [step, codebook, id], read row by row.
struct LogitRows {
    private let stream: TensorStream
    private let firstStep: Int

    /// Nil unless the tensor holds float32 logits of at least these steps.
    init?(_ stream: TensorStream?, firstStep: Int, stepCount: Int) {
        guard let stream, stream.dtype == .float32, stream.shape.rank == 3,
            firstStep <= stream.shape[0], stepCount <= stream.shape[0] - firstStep
        else { return nil }
        (self.stream, self.firstStep) = (stream, firstStep)
    }

    var codebookCount: Int { stream.shape[1] }

    func row(step: Int, codebook: Int) throws(ArchiveError) -> [Float] {
        let ids = stream.shape[2]
        let start = ((firstStep + step) * codebookCount + codebook) * ids
        var row = [Float](repeating: 0, count: ids)
        var failure: ArchiveError?
        row.withUnsafeMutableBytes { bytes in
            do throws(ArchiveError) { try stream.read(start..<start + ids, into: bytes) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return row
    }
}

extension TokenFlips {
    /// Looks at two streams, [codebook, column], of one shape; the logits of both, where they are there.
    init(
        _ left: NDArray<Int64>, _ right: NDArray<Int64>, logits: (left: LogitRows, right: LogitRows)?
    ) throws(ArchiveError) {
        var flips: [Flip] = []
        // By time first: the first flip is what the others may follow from.
        for column in 0..<right.columns {
            for codebook in 0..<right.rows where left[codebook, column] != right[codebook, column] {
                flips.append(
                    Flip(
                        codebook: codebook, column: column, left: Int(left[codebook, column]),
                        right: Int(right[codebook, column]), margin: nil, isNearTie: false))
            }
        }
        count = flips.count
        first = flips.first
        guard let start = flips.first, let logits, start.column > 0,
            logits.left.codebookCount == right.rows, logits.right.codebookCount == right.rows
        else { return }
        var floor = 0.0
        // Step s gives column s + 1; the first column is the BOS that was put there.
        for step in 0..<start.column {
            for codebook in 0..<right.rows {
                let rows = try (
                    logits.left.row(step: step, codebook: codebook),
                    logits.right.row(step: step, codebook: codebook)
                )
                let isFlip = step == start.column - 1 && codebook == start.codebook
                for (id, (a, b)) in zip(rows.0, rows.1).enumerated() where a != b {
                    if isFlip, id == start.left || id == start.right { continue }
                    let difference = (Double(a) - Double(b)).magnitude
                    floor = difference.isNaN ? .infinity : max(floor, difference)
                }
            }
        }
        noiseFloor = floor
        guard floor.isFinite else { return }
        for index in flips.indices where flips[index].column > 0 {
            let flip = flips[index]
            let rows = try (
                logits.left.row(step: flip.column - 1, codebook: flip.codebook),
                logits.right.row(step: flip.column - 1, codebook: flip.codebook)
            )
            guard rows.0.indices.contains(flip.left), rows.0.indices.contains(flip.right),
                rows.1.indices.contains(flip.left), rows.1.indices.contains(flip.right)
            else { continue }
            let margins = (
                Double(rows.0[flip.left]) - Double(rows.0[flip.right]),
                Double(rows.1[flip.right]) - Double(rows.1[flip.left])
            )
            flips[index].margin = margins.1
            flips[index].isNearTie =
                rows.0.max() == rows.0[flip.left] && rows.1.max() == rows.1[flip.right]
                && margins.0 <= floor && margins.1 <= floor
        }
        nearTies = flips.count(where: \.isNearTie)
        first = flips.first
    }
}
