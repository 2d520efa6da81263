/// Upstream's `ResidualUnit`: x + pointwise(Snake(dilated(Snake(x)))) (dac.py).
struct ResidualUnit: Sendable {
    private let dilatedSnake: Snake
    private let dilated: PairedConvolution
    private let pointwiseSnake: Snake
    private let pointwise: RowConvolution

    init(_ weights: ResidualUnitWeights, dilation: Int) {
        dilatedSnake = Snake(alpha: weights.dilatedAlpha)
        dilated = PairedConvolution(weights.dilated, dilation: dilation)
        pointwiseSnake = Snake(alpha: weights.pointwiseAlpha)
        pointwise = RowConvolution(weights.pointwise)
    }

    /// How many rows to either side an output row depends on.
    var reach: Int { dilated.reach }

    /// Applies it to these rows of the workspace's stream, in place. The stream's other rows keep
    /// their values; it must hold `rows` extended by `reach` as far as they are of the audio.
    func apply(_ workspace: Workspace, rows: Range<Int>, length: Int) {
        let (stream, inner, activated) = (workspace.stream, workspace.inner, workspace.activated)
        let read = rows.extended(by: reach)
        var filled = read.lowerBound
        for part in rows.parts(of: dilated.wholeGroups(workspace.rowsPerPart(width: dilatedSnake.width))) {
            // What the part before has activated is kept: the stream has changed there.
            let computed = part.lowerBound..<part.lowerBound + dilated.wholeGroups(part.count)
            activated.slide(to: computed.extended(by: reach), width: dilatedSnake.width, keeping: filled)
            let new = filled..<min(part.upperBound + reach, read.upperBound)
            workspace.activate(dilatedSnake, into: new, length: length)
            activated.clearRows(from: new.upperBound)
            filled = new.upperBound
            dilated.write(workspace, rows: computed)
            let values = inner.pointer(row: part.lowerBound)
            pointwiseSnake.apply(values, values, rowCount: part.count)
            pointwise.add(inner, rows: part, to: stream.pointer(row: part.lowerBound))
        }
    }
}
