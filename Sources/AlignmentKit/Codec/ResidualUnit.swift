/// Upstream's `ResidualUnit`: x + pointwise(Snake(dilated(Snake(x)))) (dac.py).
struct ResidualUnit: Sendable {
    private let dilatedSnake: Snake
    private let dilated: DilatedConvolution
    private let pointwiseSnake: Snake
    private let pointwise: RowConvolution

    init(_ weights: ResidualUnitWeights, dilation: Int, _ rounding: Rounding) {
        dilatedSnake = Snake(alpha: weights.dilatedAlpha, rounding)
        dilated = DilatedConvolution(weights.dilated, dilation: dilation, rounding)
        pointwiseSnake = Snake(alpha: weights.pointwiseAlpha, rounding)
        pointwise = RowConvolution(weights.pointwise, rounding)
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

/// The first convolution of a residual unit: in pairs of rows, or row by row where its operands are rounded, whose
/// sums and differences torch does not make.
private enum DilatedConvolution: Sendable {
    case paired(PairedConvolution)
    case plain(RowConvolution)

    init(_ weights: ConvolutionWeights, dilation: Int, _ rounding: Rounding) {
        self =
            rounding.isExact
            ? .paired(PairedConvolution(weights, dilation: dilation))
            : .plain(RowConvolution(weights, dilation: dilation, rounding))
    }

    var reach: Int {
        switch self {
        case .paired(let convolution): convolution.reach
        case .plain(let convolution): convolution.reach
        }
    }

    /// The rows that are computed for this many.
    func wholeGroups(_ rowCount: Int) -> Int {
        switch self {
        case .paired(let convolution): convolution.wholeGroups(rowCount)
        case .plain: rowCount
        }
    }

    /// Output rows, whole groups of them, to the workspace's `inner`.
    func write(_ workspace: Workspace, rows: Range<Int>) {
        switch self {
        case .paired(let convolution): convolution.write(workspace, rows: rows)
        case .plain(let convolution):
            workspace.inner.resize(rows, width: convolution.outputWidth)
            convolution.write(
                workspace.activated, rows: rows, to: workspace.inner.pointer(row: rows.lowerBound))
        }
    }
}
