public import AlignmentTensors

/// The weights of the decoding side of upstream's `HiggsAudioTokenizer`, checked against each other.
///
/// Every size is taken from the tensors. Names are upstream's or those of the port in transformers.
public struct CodecWeights: Sendable {
    /// The sizes that the shapes imply.
    public let configuration: CodecConfiguration
    /// How the state dict names them.
    public let naming: CodecNaming
    /// Names, sorted, that the module of this naming does not have either. Upstream ignores them
    /// (`strict=False`), so a misspelt weight ends here.
    public let unexpectedNames: [String]

    let quantizers: [QuantizerWeights]
    let latentProjection: ConvolutionWeights
    var inputConvolution: ConvolutionWeights
    var blocks: [BlockWeights]
    let outputAlpha: [Float]
    var outputConvolution: ConvolutionWeights

    /// Weights from a state dict of float32, float64, float16 or bfloat16 tensors.
    ///
    /// A convolution's weight norm is taken as `weight_g` and `weight_v`, as
    /// `parametrizations.weight.original0` and `original1`, or fused in a plain `weight`. Tensors of the encoding
    /// side are neither needed nor looked at.
    ///
    /// - Throws: `CodecError.missingTensors` with every name that is missing; else `.tensorShape`, `.tensorType`,
    ///   `.upsamplingKernel` or `.hopLength` for the first tensor that does not fit.
    public init(stateDict: [String: Tensor]) throws(CodecError) {
        var reader = WeightReader(stateDict)
        let missing = reader.missingNames
        guard missing.isEmpty else { throw .missingTensors(names: missing) }
        naming = reader.naming
        let projection = try reader.linear(naming.latentProjection, [nil, nil])
        latentProjection = projection
        quantizers = try reader.quantizers(width: projection.inputWidth)
        inputConvolution = try reader.plainConvolution(
            naming.inputConvolution, [nil, projection.outputWidth, 7])
        var channels = [inputConvolution.outputWidth]
        var blocks: [BlockWeights] = []
        var strides: [Int] = []
        var hopLength = 1
        for index in 0..<reader.blockCount {
            let block = try reader.block(index, inputWidth: channels[index])
            blocks.append(block)
            channels.append(block.upsampling.outputWidth)
            strides.append(block.upsampling.kernel / 2)
            guard strides[index] <= CodecConfiguration.largestHopLength / hopLength else {
                throw .hopLength(strides: strides)
            }
            hopLength *= strides[index]
        }
        self.blocks = blocks
        let width = channels[blocks.count]
        outputAlpha = try reader.alpha(naming.outputSnake(blockCount: blocks.count), width)
        outputConvolution = try reader.plainConvolution(
            naming.outputConvolution(blockCount: blocks.count), [1, width, 7])
        configuration = CodecConfiguration(
            quantizerCount: quantizers.count, codebookSize: quantizers[0].codebookSize,
            codebookWidth: quantizers[0].codebookWidth, quantizedWidth: projection.inputWidth,
            latentWidth: projection.outputWidth, channels: channels,
            strides: strides)
        unexpectedNames = stateDict.keys.filter { [reader] in
            !reader.namesRead.contains($0) && !reader.naming.hasWithoutUse($0)
        }.sorted()
    }
}

extension CodecWeights: CustomStringConvertible {
    /// The sizes, not the numbers.
    public var description: String { "weights of \(configuration)" }
}

/// One codebook and its projection to the sum's width.
struct QuantizerWeights: Sendable {
    /// [entry, codebookWidth]
    let codebook: NDArray<Float>
    /// Nil where the codebook has the sum's width: upstream then has `Identity` for `project_out`.
    let projection: ConvolutionWeights?

    var codebookSize: Int { codebook.rows }
    var codebookWidth: Int { codebook.columns }
}

/// A convolution or linear layer as torch holds it.
struct ConvolutionWeights: Sendable {
    /// Linear: [out, in]. Convolution: [out, in, kernel]. Transposed convolution: [in, out, kernel].
    let shape: Shape
    /// The weight in row-major order; under weight norm its direction.
    let scalars: [Float]
    /// The norms of the slices along dimension 0 under weight norm; nil for a plain weight.
    var magnitude: [Float]?
    let bias: [Float]
    let isTransposed: Bool

    var inputWidth: Int { shape[isTransposed ? 0 : 1] }
    var outputWidth: Int { shape[isTransposed ? 1 : 0] }
    var kernel: Int { shape.rank == 2 ? 1 : shape[2] }

    /// The weight that the layer computes with: its parameters as they are held, the norm fused and the product
    /// held, and last what the layer rounds its operands to.
    func factors(_ rounding: Rounding) -> [Float] {
        var weight = rounding.held(scalars)
        if let magnitude { weight = rounding.held(scaled(weight, to: rounding.held(magnitude))) }
        return shape.rank == 3 ? rounding.operands.map(weight.rounded) ?? weight : weight
    }

    /// Old-style weight norm over dimension 0, w = g · v / ‖v‖, the norm taken over all other
    /// dimensions (torch.nn.utils.weight_norm; in a transposed convolution these are the output
    /// channels and the kernel). Computed in Double, as no order of summation is upstream's.
    private func scaled(_ direction: [Float], to magnitude: [Float]) -> [Float] {
        let sliceCount = direction.count / magnitude.count
        return direction.withUnsafeBufferPointer { direction in
            [Float](unsafeUninitializedCapacity: direction.count) { weights, count in
                for (index, magnitude) in magnitude.enumerated() {
                    let slice = index * sliceCount..<(index + 1) * sliceCount
                    let norm = slice.reduce(0.0) { $0 + Double(direction[$1]) * Double(direction[$1]) }
                    let scale = Double(magnitude) / norm.squareRoot()
                    for offset in slice { weights[offset] = Float(Double(direction[offset]) * scale) }
                }
                count = direction.count
            }
        }
    }
}

/// Upstream's `ResidualUnit`: Snake, dilated convolution, Snake, pointwise convolution.
struct ResidualUnitWeights: Sendable {
    let dilatedAlpha: [Float]
    var dilated: ConvolutionWeights
    let pointwiseAlpha: [Float]
    var pointwise: ConvolutionWeights
}

/// Upstream's `DecoderBlock`: Snake, transposed convolution, three residual units.
struct BlockWeights: Sendable {
    let alpha: [Float]
    var upsampling: ConvolutionWeights
    var residualUnits: [ResidualUnitWeights]
}
