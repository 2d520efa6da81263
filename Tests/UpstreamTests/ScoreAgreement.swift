import AlignmentKit

@testable import AlignmentStages

/// How recomputed scores and replayed draws agree with torch's, whose sort may keep another of several equal scores
/// at the nucleus's edge.
enum ScoreAgreement {
    /// Steps in which torch's sort kept another of several equal scores at the nucleus's edge.
    static func tieSwaps(_ own: NDArray<Float>?, _ upstream: NDArray<Float>) -> Set<Int> {
        guard let own else { return [] }
        let width = own.shape[1] * own.shape[2]
        return Set(
            (0..<own.shape[0]).filter { step in
                (step * width..<(step + 1) * width).contains { own[flat: $0] != upstream[flat: $0] }
            })
    }

    /// Whether a replay with torch's own noise gives other columns than torch, in steps other than these.
    static func differs(
        _ replayed: [NDArray<Int64>]?, _ kept: [NDArray<Int64>], except steps: Set<Int>
    ) -> Bool {
        guard let replayed, replayed.map(\.shape) == kept.map(\.shape) else { return true }
        var step = 0
        for (own, upstream) in zip(replayed, kept) {
            for column in 1..<upstream.columns {
                if !steps.contains(step) && own.column(column) != upstream.column(column) { return true }
                step += 1
            }
        }
        return false
    }

    static func areSame(_ own: NDArray<Float>?, _ upstream: NDArray<Float>) -> Bool {
        guard let own else { return false }
        if Tensor.float32(own) == .float32(upstream) { return true }
        let comparison = TensorComparison(.float32(own), .float32(upstream), tolerance: .scores)
        return comparison.verdict != .differs && comparison.figures?.different == 0
    }
}

extension NDArray<Float> {
    /// Some steps of [step, codebook, id].
    func steps(_ range: Range<Int>) -> NDArray {
        let width = shape[1] * shape[2]
        let scalars = Array(scalars[range.lowerBound * width..<range.upperBound * width])
        guard let part = try? NDArray(shape: .cube(range.count, shape[1], shape[2]), scalars: scalars) else {
            preconditionFailure("a range of steps has as many values as its shape says")
        }
        return part
    }
}
