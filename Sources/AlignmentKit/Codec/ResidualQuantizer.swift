internal import AlignmentTensors

/// The decoding side of upstream's `ResidualVectorQuantization` (core_vq_lsx_version.py).
struct ResidualQuantizer: Sendable {
    private struct Layer: Sendable {
        let codebook: NDArray<Float>
        let projection: RowConvolution?
    }

    private let layers: [Layer]
    private let width: Int
    private let rounding: Rounding

    init(_ weights: [QuantizerWeights], width: Int, _ rounding: Rounding) {
        layers = weights.map { weights in
            let entries = rounding.held(weights.codebook.scalars)
            let width = weights.codebookWidth
            return Layer(
                codebook: NDArray(rows: weights.codebookSize, columns: width) { entries[$0 * width + $1] },
                projection: weights.projection.map { RowConvolution($0, rounding) })
        }
        self.width = width
        self.rounding = rounding
    }

    /// Fills the workspace's stream with these frames: the projected entries of as many codebooks as
    /// there are rows of codes, added in order. The codes must have been checked.
    func apply(_ workspace: Workspace, codes: NDArray<Int64>, frames: Range<Int>) {
        let (sum, entries, projected) = (workspace.stream, workspace.activated, workspace.inner)
        sum.resize(frames, width: width)
        sum.pointer(row: frames.lowerBound).update(repeating: 0, count: frames.count * width)
        for (row, layer) in layers.prefix(codes.rows).enumerated() {
            entries.resize(frames, width: layer.codebook.columns)
            for frame in frames {
                let entry = layer.codebook.row(Int(codes[row, frame]))
                entry.withUnsafeBufferPointer { entry in
                    guard let base = entry.baseAddress else { return }
                    entries.pointer(row: frame).update(from: base, count: entry.count)
                }
            }
            var addend = entries
            if let projection = layer.projection {
                projected.resize(frames, width: width)
                projection.write(entries, rows: frames, to: projected.pointer(row: frames.lowerBound))
                addend = projected
            }
            let target = sum.pointer(row: frames.lowerBound)
            let source = addend.pointer(row: frames.lowerBound)
            for offset in 0..<frames.count * width { target[offset] += source[offset] }
            rounding.hold(target, count: frames.count * width)
        }
    }
}
