public import AlignmentTensors

/// What can be wrong with the codec's weights or with the codes to decode.
public enum CodecError: Error, Equatable {
    /// Tensors that decoding reads are not among the weights. Upstream loads with `strict=False`
    /// and would run on its initialisation of each.
    case missingTensors(names: [String])
    /// A weight has another shape than its neighbours imply; `nil` stands for any positive extent.
    case tensorShape(name: String, expected: [Int?], found: Shape)
    /// A weight does not hold floating-point numbers.
    case tensorType(name: String, found: DType)
    /// A transposed convolution whose kernel is not twice a stride of at least 2.
    case upsamplingKernel(name: String, found: Int)
    /// Strides whose product, the samples of a frame, is beyond any codec (2²⁰).
    case hopLength(strides: [Int])
    /// The codes are not a matrix [codebook, frame].
    case codesShape(found: Shape)
    /// There is no codebook to decode.
    case noCodebooks
    /// There is no frame to decode; upstream raises in its first convolution.
    case noFrames
    /// More rows of codes than the codec has quantizers; upstream raises `IndexError`.
    case surplusCodebooks(found: Int, quantizerCount: Int)
    /// A code outside `0 ..< codebookSize`; upstream raises `IndexError`, it does not wrap.
    case codeOutOfRange(codebook: Int, frame: Int, value: Int64, codebookSize: Int)
    /// The convolutions' directions are asked for, and the weights hold magnitude and direction fused.
    case fusedWeights
}

extension CodecError: CustomStringConvertible {
    /// One clause that says what was expected and what was found.
    public var description: String {
        switch self {
        case .missingTensors(let names):
            "the codec's weights lack \(names.count == 1 ? "a tensor" : "\(names.count) tensors"), where upstream "
                + "(strict=False) would run on its initialisation: "
                + names.map { "\($0) (\(initialisation($0)))" }.joined(separator: ", ")
        case .tensorShape(let name, let expected, let found):
            "\(name): expected the shape [\(expected.map(extent).joined(separator: ", "))], found \(found)"
        case .tensorType(let name, let found):
            "\(name): expected floating-point numbers, found \(found.rawValue)"
        case .upsamplingKernel(let name, let found):
            "\(name): expected an even kernel of at least 4 (twice the stride), found \(found)"
        case .hopLength(let strides):
            "expected at most \(CodecConfiguration.largestHopLength) samples a frame, found the strides \(strides)"
        case .codesShape(let found):
            "expected codes [codebook, frame], found the shape \(found)"
        case .noCodebooks:
            "expected at least one codebook of codes, found none"
        case .noFrames:
            "expected at least one frame of codes, found none"
        case .surplusCodebooks(let found, let quantizerCount):
            "expected codes of at most \(quantizerCount) codebooks, found \(found)"
        case .codeOutOfRange(let codebook, let frame, let value, let codebookSize):
            "expected codes in 0 ..< \(codebookSize), found \(value) in codebook \(codebook), frame \(frame)"
        case .fusedWeights:
            "expected convolutions of weight_g and weight_v, found them fused; take the weights of the checkpoint"
        }
    }
}

/// What upstream's module holds where nothing was loaded.
private func initialisation(_ name: String) -> String {
    if name.hasSuffix("codebook.embed") { return "zeros" }
    return name.hasSuffix(".alpha") ? "ones" : "random"
}

private func extent(_ expected: Int?) -> String { expected.map(String.init) ?? "*" }
