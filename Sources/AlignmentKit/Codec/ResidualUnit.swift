/// Upstream's `ResidualUnit`: x + pointwise(Snake(dilated(Snake(x)))) (dac.py).
struct ResidualUnit: Sendable {
    private let dilatedSnake: Snake
    private let dilated: RowConvolution
    private let pointwiseSnake: Snake
    private let pointwise: RowConvolution

    init(_ weights: ResidualUnitWeights, dilation: Int) {
        dilatedSnake = Snake(alpha: weights.dilatedAlpha)
        dilated = RowConvolution(weights.dilated, dilation: dilation)
        pointwiseSnake = Snake(alpha: weights.pointwiseAlpha)
        pointwise = RowConvolution(weights.pointwise)
    }

    /// How many rows to either side an output row depends on.
    var reach: Int { dilated.reach }

    /// Applies it to these rows of the workspace's stream, in place. The stream's other rows keep
    /// their values; it must hold `rows` extended by `reach` as far as they are of the audio.
    func apply(_ workspace: Workspace, rows: Range<Int>, length: Int) {
        let (stream, inner) = (workspace.stream, workspace.inner)
        workspace.activate(dilatedSnake, rows: rows.extended(by: reach), length: length)
        for part in rows.parts(of: workspace.rowsPerPart(width: dilated.outputWidth)) {
            inner.resize(part, width: dilated.outputWidth)
            let values = inner.pointer(row: part.lowerBound)
            dilated.write(workspace.activated, rows: part, to: values)
            pointwiseSnake.apply(values, values, rowCount: part.count)
            pointwise.add(inner, rows: part, to: stream.pointer(row: part.lowerBound))
        }
    }
}
