internal import AlignmentTensors
internal import CKernels
internal import COpenBLAS

/// A convolution over rows as a sum of matrix products, one for each tap.
///
/// y[t] = bias + Σ x[t + offset] · W over the taps: x is read where it lies, no im2col is made.
/// A transposed convolution of stride s is one too: an output row is then s rows of its signal.
struct RowConvolution: Sendable {
    /// A tap's matrix and where it reads and writes.
    struct Tap: Sendable {
        /// The input row, relative to the output row.
        let rowOffset: Int
        /// The output columns that the tap contributes to.
        let columns: Range<Int>
        /// Row-major [inputWidth, columns].
        let weights: [Float]
    }

    let inputWidth: Int
    /// The width of an output row: channels, times the stride of a transposed convolution.
    let outputWidth: Int
    /// How far the taps reach to either side.
    let reach: Int
    private let bias: [Float]
    private let taps: [Tap]
    private let rounding: Rounding
    /// What its input is rounded to, in place; nil for none.
    private let operandFormat: codec_format?

    /// A convolution with "same" zero padding, or a linear layer (kernel 1).
    init(_ weights: ConvolutionWeights, dilation: Int = 1, _ rounding: Rounding) {
        precondition(!weights.isTransposed)
        let kernel = weights.kernel
        let (input, output) = (weights.inputWidth, weights.outputWidth)
        (inputWidth, outputWidth) = (input, output)
        reach = kernel / 2 * dilation
        bias = rounding.held(weights.bias)
        self.rounding = rounding
        operandFormat = weights.shape.rank == 3 ? rounding.operands : nil
        let factors = weights.factors(rounding)
        taps = (0..<kernel).map { index in
            Tap(
                rowOffset: (index - kernel / 2) * dilation, columns: 0..<output,
                weights: matrix(input, output, factors) { row, column in
                    (column * input + row) * kernel + index
                })
        }
    }

    /// A transposed convolution of kernel 2s, stride s, padding ⌈s/2⌉ and output padding s mod 2
    /// (DecoderBlock): every row becomes exactly s rows.
    ///
    /// The output sample s·m + p takes kernel index p + padding − s·offset of the input rows
    /// m + offset, offset −1, 0 and 1, where that index lies within the kernel.
    init(upsampling weights: ConvolutionWeights, _ rounding: Rounding) {
        precondition(weights.isTransposed)
        let kernel = weights.kernel
        let stride = kernel / 2
        let padding = (stride + 1) / 2
        let channels = weights.outputWidth
        inputWidth = weights.inputWidth
        outputWidth = stride * channels
        reach = 1
        let bias = rounding.held(weights.bias)
        self.bias = (0..<stride).flatMap { _ in bias }
        self.rounding = rounding
        operandFormat = rounding.operands
        let factors = weights.factors(rounding)
        taps = (-1...1).map { offset in
            let shift = padding - stride * offset
            let phases = max(0, -shift)..<min(stride, kernel - shift)
            return Tap(
                rowOffset: offset, columns: phases.lowerBound * channels..<phases.upperBound * channels,
                weights: matrix(weights.inputWidth, phases.count * channels, factors) { row, column in
                    let (phase, channel) = (phases.lowerBound + column / channels, column % channels)
                    return (row * channels + channel) * kernel + phase + shift
                })
        }
    }

    /// Output rows of an input that covers `rows` extended by `reach`, to [rows, outputWidth].
    func write(_ input: Signal, rows: Range<Int>, to output: UnsafeMutablePointer<Float>) {
        for row in 0..<rows.count {
            (output + row * outputWidth).update(from: bias, count: outputWidth)
        }
        accumulate(input, rows: rows, into: output)
        rounding.hold(output, count: rows.count * outputWidth)
    }

    /// The same, added to what `output` holds.
    func add(_ input: Signal, rows: Range<Int>, to output: UnsafeMutablePointer<Float>) {
        guard rounding.stored == nil else { return addHeld(input, rows: rows, to: output) }
        bias.withUnsafeBufferPointer { bias in
            for row in 0..<rows.count {
                let values = output + row * outputWidth
                for column in bias.indices { values[column] += bias[column] }
            }
        }
        accumulate(input, rows: rows, into: output)
    }

    /// The sum of what is held and what `write` would hold.
    private func addHeld(_ input: Signal, rows: Range<Int>, to output: UnsafeMutablePointer<Float>) {
        let count = rows.count * outputWidth
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
            guard let values = values.baseAddress else { return }
            write(input, rows: rows, to: values)
            for index in 0..<count { output[index] += values[index] }
        }
        rounding.hold(output, count: count)
    }

    private func accumulate(_ input: Signal, rows: Range<Int>, into output: UnsafeMutablePointer<Float>) {
        precondition(input.width == inputWidth)
        if let operandFormat {
            // What is rounded already stays as it is.
            let read = rows.extended(by: reach)
            codec_round(input.pointer(row: read.lowerBound), read.count * inputWidth, operandFormat)
        }
        for tap in taps where !tap.columns.isEmpty {
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans,
                blasint(rows.count), blasint(tap.columns.count), blasint(inputWidth),
                1, input.pointer(row: rows.lowerBound + tap.rowOffset), blasint(inputWidth),
                tap.weights, blasint(tap.columns.count),
                1, output + tap.columns.lowerBound, blasint(outputWidth))
        }
    }
}

/// A row-major matrix of weights picked by their offsets.
private func matrix(
    _ rows: Int, _ columns: Int, _ weights: [Float], offset: (_ row: Int, _ column: Int) -> Int
) -> [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns) { matrix, count in
        for row in 0..<rows {
            for column in 0..<columns { matrix[row * columns + column] = weights[offset(row, column)] }
        }
        count = rows * columns
    }
}

/// Makes OpenBLAS compute every product on the calling thread, so that its bits cannot depend on how
/// many threads there are. The setting is the process's.
func useOpenBLASOnCallingThread() { openblas_set_num_threads(1) }
