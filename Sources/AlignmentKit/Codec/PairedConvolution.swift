internal import CKernels
internal import COpenBLAS

/// A dilated convolution of seven taps with "same" zero padding, two rows at a time.
///
/// The rows t and t + d (d the dilation) read x₀ … x₇, the rows from t − 3d to t + 4d: y₀ = Σ xₖwₖ and
/// y₁ = Σ xₖ₊₁wₖ. Taps 0 to 2 and 3 to 5 are each a short convolution of two outputs with four products instead of
/// six (Winograd, Arithmetic Complexity of Computations, 1980: F(2, 3) on 0, 1, −1 and ∞); tap 6 joins the products
/// that only one row reads:
///
///     m₁ = (x₀ − x₂)w₀ + (x₃ − x₅)w₃ + x₆w₆
///     m₂ = (x₁ + x₂)(w₀ + w₁ + w₂)/2 + (x₄ + x₅)(w₃ + w₄ + w₅)/2
///     m₃ = (x₂ − x₁)(w₀ − w₁ + w₂)/2 + (x₅ − x₄)(w₃ − w₄ + w₅)/2
///     m₄ = (x₃ − x₁)w₂ + (x₆ − x₄)w₅ + x₇w₆
///     y₀ = m₁ + m₂ + m₃        y₁ = m₂ − m₃ + m₄
///
/// That is ten matrices for two rows, not fourteen.
struct PairedConvolution: Sendable {
    private let dilation: Int
    private let width: Int
    private let outputWidth: Int
    private let bias: [Float]
    /// The matrix of each product, row-major [operand's column, output channel].
    private let matrices: [[Float]]

    /// The number of taps that it is made for.
    static let kernel = 7
    /// Columns of each product's operand, in input widths.
    private static let operandWidths = [3, 2, 2, 3]

    init(_ weights: ConvolutionWeights, dilation: Int) {
        precondition(!weights.isTransposed && weights.kernel == Self.kernel)
        self.dilation = dilation
        (width, outputWidth, bias) = (weights.inputWidth, weights.outputWidth, weights.bias)
        let scalars = weights.factors(Rounding(.float32))
        func matrix(_ factors: [[Double]]) -> [Float] {
            // Each list holds the factors of some taps, the first of which is the list's index times 3.
            factors.enumerated().flatMap { index, factors in
                (0..<weights.inputWidth * weights.outputWidth).map { cell in
                    let (input, output) = (cell / weights.outputWidth, cell % weights.outputWidth)
                    let first = (output * weights.inputWidth + input) * Self.kernel + 3 * index
                    return Float(
                        factors.indices.reduce(0) { $0 + factors[$1] * Double(scalars[first + $1]) })
                }
            }
        }
        matrices = [
            matrix([[1], [1], [1]]), matrix([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]),
            matrix([[0.5, -0.5, 0.5], [0.5, -0.5, 0.5]]), matrix([[0, 0, 1], [0, 0, 1], [1]]),
        ]
    }

    /// How many rows to either side an output row depends on.
    var reach: Int { Self.kernel / 2 * dilation }

    /// The rows that are computed for this many: whole groups of pairs.
    func wholeGroups(_ rowCount: Int) -> Int {
        (rowCount + 2 * dilation - 1) / (2 * dilation) * 2 * dilation
    }

    /// Whole groups of output rows to the workspace's `inner`, of rows of `activated` that reach further.
    func write(_ workspace: Workspace, rows: Range<Int>) {
        precondition(rows.count == wholeGroups(rows.count) && workspace.activated.width == width)
        let groups = rows.count / (2 * dilation)
        let pairs = groups * dilation
        let (operands, products) = (workspace.operands, workspace.products)
        operands.resize(0..<pairs, width: Self.operandWidths.reduce(0, +) * width)
        products.resize(0..<pairs, width: 4 * outputWidth)
        workspace.inner.resize(rows, width: outputWidth)
        var operand = operands.pointer(row: 0)
        let starts = Self.operandWidths.map { columns in
            defer { operand += pairs * columns * width }
            return operand
        }
        let product = products.pointer(row: 0)
        codec_pair_operands(
            workspace.activated.pointer(row: rows.lowerBound - reach), groups, dilation, width,
            starts[0], starts[1], starts[2], starts[3])
        for (index, start) in starts.enumerated() {
            let depth = Self.operandWidths[index] * width
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(pairs), blasint(outputWidth),
                blasint(depth),
                1, start, blasint(depth), matrices[index], blasint(outputWidth),
                0, product + index * pairs * outputWidth, blasint(outputWidth))
        }
        let plane = pairs * outputWidth
        codec_pair_rows(
            product, product + plane, product + 2 * plane, product + 3 * plane, bias,
            groups, dilation, outputWidth, workspace.inner.pointer(row: rows.lowerBound))
    }
}
