internal import CKernels

/// The activation y = x + sin²(αx) / (α + 1e-9), one α per channel (dac.nn.layers.snake).
struct Snake: Sendable {
    /// Channels of a row.
    let width: Int
    /// α, repeated to a whole number of vectors and of rows.
    private let alpha: [Float]
    /// 1 / (α + 1e-9), repeated likewise.
    private let inverse: [Float]
    private let rounding: Rounding

    /// An activation with these slopes, one per channel.
    init(alpha: [Float], _ rounding: Rounding = Rounding(.float32)) {
        width = alpha.count
        self.rounding = rounding
        let repetitions = 16 / greatestCommonDivisor(alpha.count, 16)
        self.alpha = (0..<repetitions).flatMap { _ in rounding.held(alpha) }
        inverse = rounding.held(rounding.held(self.alpha.map { $0 + 1e-9 }).map { 1 / $0 })
    }

    /// Applies it to whole rows, row-major [row, channel]; `output` may be `input`.
    func apply(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, rowCount: Int) {
        let count = rowCount * width
        if let format = rounding.stored {
            codec_snake_rounded(input, output, count, alpha, inverse, alpha.count, format)
        } else {
            codec_snake(input, output, count, alpha, inverse, alpha.count)
        }
    }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
