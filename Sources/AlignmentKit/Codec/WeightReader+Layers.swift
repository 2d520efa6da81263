internal import AlignmentTensors

extension WeightReader {
    /// A linear layer, `prefix.weight` [out, in] and `prefix.bias`.
    mutating func linear(_ prefix: String, _ expected: [Int?]) throws(CodecError) -> ConvolutionWeights {
        let weight = try array(prefix + ".weight", expected)
        let bias = try array(prefix + ".bias", [weight.shape[0]])
        return ConvolutionWeights(
            shape: weight.shape, scalars: weight.scalars, magnitude: nil, bias: bias.scalars,
            isTransposed: false)
    }

    /// A weight-normalised convolution, [out, in, kernel].
    mutating func plainConvolution(
        _ prefix: String, _ expected: [Int?]
    ) throws(CodecError) -> ConvolutionWeights {
        let (weight, magnitude) = try convolution(prefix, expected)
        let bias = try array(prefix + ".bias", [weight.shape[0]])
        return ConvolutionWeights(
            shape: weight.shape, scalars: weight.scalars, magnitude: magnitude, bias: bias.scalars,
            isTransposed: false)
    }

    /// A weight-normalised transposed convolution, [in, out, kernel].
    mutating func transposedConvolution(
        _ prefix: String, inputWidth: Int
    ) throws(CodecError) -> ConvolutionWeights {
        let (weight, magnitude) = try convolution(prefix, [inputWidth, nil, nil])
        let kernel = weight.shape[2]
        guard kernel >= 4, kernel.isMultiple(of: 2) else {
            throw .upsamplingKernel(name: prefix, found: kernel)
        }
        let bias = try array(prefix + ".bias", [weight.shape[1]])
        return ConvolutionWeights(
            shape: weight.shape, scalars: weight.scalars, magnitude: magnitude, bias: bias.scalars,
            isTransposed: true)
    }

    /// The slopes of a Snake, `prefix.alpha` [1, channel, 1].
    mutating func alpha(_ prefix: String, _ width: Int) throws(CodecError) -> [Float] {
        try array(prefix + ".alpha", [1, width, 1]).scalars
    }

    /// The quantizers, as many as the highest index among the names says, at least one.
    mutating func quantizers(width: Int) throws(CodecError) -> [QuantizerWeights] {
        var quantizers: [QuantizerWeights] = []
        for index in 0..<quantizerCount {
            let prefix = "\(naming.quantizers).\(index)"
            let first = quantizers.first
            let codebook = try array(
                "\(prefix).\(naming.codebook)", [first?.codebookSize, first?.codebookWidth])
            var projection: ConvolutionWeights?
            if naming.hasProjection(from: codebook.columns, to: width) {
                projection = try linear("\(prefix).project_out", [width, codebook.columns])
            }
            quantizers.append(QuantizerWeights(codebook: codebook, projection: projection))
        }
        return quantizers
    }

    /// One upsampling block, counted from 0; its output width is read from the transposed convolution.
    mutating func block(_ index: Int, inputWidth: Int) throws(CodecError) -> BlockWeights {
        let prefix = naming.block(index)
        let alpha = try alpha("\(prefix).\(naming.blockSnake)", inputWidth)
        let upsampling = try transposedConvolution("\(prefix).\(naming.upsampling)", inputWidth: inputWidth)
        let width = upsampling.outputWidth
        var residualUnits: [ResidualUnitWeights] = []
        for unit in 0..<3 {
            let layers = naming.residualUnit(unit).map { "\(prefix).\($0)" }
            residualUnits.append(
                ResidualUnitWeights(
                    dilatedAlpha: try self.alpha(layers[0], width),
                    dilated: try plainConvolution(layers[1], [width, width, 7]),
                    pointwiseAlpha: try self.alpha(layers[2], width),
                    pointwise: try plainConvolution(layers[3], [width, width, 1])))
        }
        return BlockWeights(alpha: alpha, upsampling: upsampling, residualUnits: residualUnits)
    }
}
