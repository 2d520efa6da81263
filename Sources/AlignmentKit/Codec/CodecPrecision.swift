internal import CKernels

/// The arithmetic that a codec is run in.
public enum CodecPrecision: String, Sendable, Hashable, CaseIterable {
    /// float32 throughout, as upstream loads it.
    case float32
    /// Weights and activations in bfloat16 (`codec.to(torch.bfloat16)`).
    case bfloat16
    /// Weights and activations in float16 (`codec.half()`).
    case float16
    /// float32 whose convolutions read their operands rounded to 10 bits of mantissa, as cuDNN on GPUs with
    /// TensorFloat-32 does.
    ///
    /// torch's default has `torch.backends.cudnn.allow_tf32` on and `torch.backends.cuda.matmul.allow_tf32` off, so
    /// linear layers stay in float32 (PyTorch, "CUDA semantics", TensorFloat-32).
    case tf32
}

/// How values are rounded between the layers of an emulated precision.
///
/// bfloat16 and float16: every tensor that torch would hold is rounded, after each of its operations; products are
/// summed in float32 and the sum with the bias is rounded once. TF32: the operands of convolutions are rounded.
struct Rounding: Sendable {
    /// What activations and parameters are held in; nil for float32.
    let stored: codec_format?
    /// What a convolution rounds its operands to; nil if they are taken as they are.
    let operands: codec_format?

    init(_ precision: CodecPrecision) {
        switch precision {
        case .float32: (stored, operands) = (nil, nil)
        case .bfloat16: (stored, operands) = (CODEC_BFLOAT16, nil)
        case .float16: (stored, operands) = (CODEC_FLOAT16, nil)
        case .tf32: (stored, operands) = (nil, CODEC_TF32)
        }
    }

    /// Whether nothing is rounded.
    var isExact: Bool { stored == nil && operands == nil }

    /// A parameter as it is held.
    func held(_ parameters: [Float]) -> [Float] { stored.map { parameters.rounded(to: $0) } ?? parameters }

    /// Rounds values that a tensor would hold.
    func hold(_ values: UnsafeMutablePointer<Float>, count: Int) {
        if let stored { codec_round(values, count, stored) }
    }
}

extension [Float] {
    /// The elements rounded to the nearest of a format, ties to even.
    func rounded(to format: codec_format) -> [Float] {
        var copy = self
        codec_round(&copy, count, format)
        return copy
    }
}
