public import AlignmentTensors

/// The weights of the decoding side of upstream's `HiggsAudioTokenizer`, checked against each other.
///
/// Every size is taken from the tensors. Upstream's names are those of its state dict (model.pth):
/// `quantizer.vq.layers.*`, `fc_post2.*` and `decoder_2.model.*`.
public struct CodecWeights: Sendable {
    /// The sizes that the shapes imply.
    public let configuration: CodecConfiguration
    /// Names, sorted, that upstream's module does not have either. Upstream ignores them
    /// (`strict=False`), so a misspelt weight ends here.
    public let unexpectedNames: [String]

    let quantizers: [QuantizerWeights]
    let latentProjection: ConvolutionWeights
    let inputConvolution: ConvolutionWeights
    let blocks: [BlockWeights]
    let outputAlpha: [Float]
    let outputConvolution: ConvolutionWeights

    /// Weights from a state dict of float32, float64, float16 or bfloat16 tensors.
    ///
    /// Weight norm (`weight_g`, `weight_v`) is fused here; a plain `weight` is accepted in its
    /// place. Tensors of the encoding side are neither needed nor looked at.
    ///
    /// - Throws: `CodecError.missingTensor`, `.tensorShape`, `.tensorType`, `.upsamplingKernel` or
    ///   `.hopLength` for the first tensor that does not fit, in the order in which decoding uses them.
    public init(stateDict: [String: Tensor]) throws(CodecError) {
        var reader = WeightReader(stateDict)
        let projection = try reader.linear("fc_post2", [nil, nil])
        latentProjection = projection
        quantizers = try reader.quantizers(width: projection.inputWidth)
        let decoder = "decoder_2.model"
        inputConvolution = try reader.plainConvolution(
            "\(decoder).0", [nil, projection.outputWidth, 7])
        var channels = [inputConvolution.outputWidth]
        var blocks: [BlockWeights] = []
        var strides: [Int] = []
        var hopLength = 1
        for index in 1...max(1, reader.blockCount(decoder)) {
            let block = try reader.block("\(decoder).\(index).block", inputWidth: channels[index - 1])
            blocks.append(block)
            channels.append(block.upsampling.outputWidth)
            strides.append(block.upsampling.kernel / 2)
            guard strides[index - 1] <= CodecConfiguration.largestHopLength / hopLength else {
                throw .hopLength(strides: strides)
            }
            hopLength *= strides[index - 1]
        }
        self.blocks = blocks
        outputAlpha = try reader.alpha("\(decoder).\(channels.count)", channels[channels.count - 1])
        outputConvolution = try reader.plainConvolution(
            "\(decoder).\(channels.count + 1)", [1, channels[channels.count - 1], 7])
        configuration = CodecConfiguration(
            quantizerCount: quantizers.count, codebookSize: quantizers[0].codebookSize,
            codebookWidth: quantizers[0].codebookWidth, quantizedWidth: projection.inputWidth,
            latentWidth: projection.outputWidth, channels: channels,
            strides: strides)
        unexpectedNames = stateDict.keys.filter {
            !reader.namesRead.contains($0) && !isUpstreamNameWithoutUse($0)
        }.sorted()
    }
}

extension CodecWeights: CustomStringConvertible {
    /// The sizes, not the numbers.
    public var description: String { "weights of \(configuration)" }
}

/// Upstream's own names that decoding does not read: the encoding side, the semantic side, and
/// what training keeps in the quantizers.
private func isUpstreamNameWithoutUse(_ name: String) -> Bool {
    let modules = [
        "encoder.", "encoder_semantic.", "decoder_semantic.", "semantic_model.", "fc_prior.", "fc_post1.",
    ]
    if modules.contains(where: name.hasPrefix) { return true }
    let leaves = [
        ".project_in.weight", ".project_in.bias", "._codebook.embed_avg", "._codebook.cluster_size",
        "._codebook.inited",
    ]
    return name.hasPrefix("quantizer.vq.layers.") && leaves.contains(where: name.hasSuffix)
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
    /// The weight in row-major order, its weight norm fused.
    let scalars: [Float]
    let bias: [Float]
    let isTransposed: Bool

    var inputWidth: Int { shape[isTransposed ? 0 : 1] }
    var outputWidth: Int { shape[isTransposed ? 1 : 0] }
    var kernel: Int { shape.rank == 2 ? 1 : shape[2] }
}

/// Upstream's `ResidualUnit`: Snake, dilated convolution, Snake, pointwise convolution.
struct ResidualUnitWeights: Sendable {
    let dilatedAlpha: [Float]
    let dilated: ConvolutionWeights
    let pointwiseAlpha: [Float]
    let pointwise: ConvolutionWeights
}

/// Upstream's `DecoderBlock`: Snake, transposed convolution, three residual units.
struct BlockWeights: Sendable {
    let alpha: [Float]
    let upsampling: ConvolutionWeights
    let residualUnits: [ResidualUnitWeights]
}
