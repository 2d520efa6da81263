/// Upstream's `DecoderBlock`: Snake, transposed convolution, three residual units (dac.py).
struct UpsamplingBlock: Sendable {
    /// Output rows of one input row.
    let stride: Int
    /// Channels of an output row.
    let width: Int
    private let snake: Snake
    private let upsampling: RowConvolution
    private let residualUnits: [ResidualUnit]

    init(_ weights: BlockWeights, _ rounding: Rounding) {
        stride = weights.upsampling.kernel / 2
        width = weights.upsampling.outputWidth
        snake = Snake(alpha: weights.alpha, rounding)
        upsampling = RowConvolution(upsampling: weights.upsampling, rounding)
        residualUnits = zip(weights.residualUnits, [1, 3, 9]).map {
            ResidualUnit($0, dilation: $1, rounding)
        }
    }

    /// The input rows that these output rows depend on; they may reach beyond the audio's ends.
    func inputRows(for rows: Range<Int>) -> Range<Int> {
        blockRows(for: residualUnits.reduce(rows) { $0.extended(by: $1.reach) })
            .extended(by: upsampling.reach)
    }

    /// Replaces the workspace's stream, which holds `inputRows(for: rows)` as far as they are of the
    /// audio, by output rows that contain `rows`. `length` is the audio's at the input's rate.
    func apply(_ workspace: Workspace, rows: Range<Int>, length: Int) {
        let outputLength = length * stride
        var needed = [rows]
        for unit in residualUnits.reversed() {
            needed.append(needed[needed.count - 1].extended(by: unit.reach).clamped(to: 0..<outputLength))
        }
        let upsampled = blockRows(for: needed.removeLast())
        workspace.activate(snake, rows: upsampled.extended(by: upsampling.reach), length: length)
        workspace.stream.resize(upsampled.lowerBound * stride..<upsampled.upperBound * stride, width: width)
        for part in upsampled.parts(of: workspace.rowsPerPart(width: upsampling.outputWidth)) {
            upsampling.write(
                workspace.activated, rows: part,
                to: workspace.stream.pointer(row: part.lowerBound * stride))
        }
        for unit in residualUnits {
            unit.apply(workspace, rows: needed.removeLast(), length: outputLength)
        }
    }

    /// The rows, counted at the input's rate, whose transposed convolution covers these output rows.
    private func blockRows(for rows: Range<Int>) -> Range<Int> {
        floorDivide(rows.lowerBound, stride)..<floorDivide(rows.upperBound + stride - 1, stride)
    }
}

private func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    dividend >= 0 ? dividend / divisor : -((-dividend + divisor - 1) / divisor)
}
