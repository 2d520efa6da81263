internal import AlignmentTensors

extension WeightReader {
    /// A linear layer, `prefix.weight` [out, in] and `prefix.bias`.
    mutating func linear(_ prefix: String, _ expected: [Int?]) throws(CodecError) -> ConvolutionWeights {
        let weight = try array(prefix + ".weight", expected)
        let bias = try array(prefix + ".bias", [weight.shape[0]])
        return ConvolutionWeights(
            shape: weight.shape, scalars: weight.scalars, bias: bias.scalars, isTransposed: false)
    }

    /// A weight-normalised convolution, [out, in, kernel].
    mutating func plainConvolution(
        _ prefix: String, _ expected: [Int?]
    ) throws(CodecError) -> ConvolutionWeights {
        let weight = try convolution(prefix, expected)
        let bias = try array(prefix + ".bias", [weight.shape[0]])
        return ConvolutionWeights(
            shape: weight.shape, scalars: weight.scalars, bias: bias.scalars, isTransposed: false)
    }

    /// A weight-normalised transposed convolution, [in, out, kernel].
    mutating func transposedConvolution(
        _ prefix: String, inputWidth: Int
    ) throws(CodecError) -> ConvolutionWeights {
        let weight = try convolution(prefix, [inputWidth, nil, nil])
        let kernel = weight.shape[2]
        guard kernel >= 4, kernel.isMultiple(of: 2) else {
            throw .upsamplingKernel(name: prefix, found: kernel)
        }
        let bias = try array(prefix + ".bias", [weight.shape[1]])
        return ConvolutionWeights(
            shape: weight.shape, scalars: weight.scalars, bias: bias.scalars, isTransposed: true)
    }

    /// The slopes of a Snake, `prefix.alpha` [1, channel, 1].
    mutating func alpha(_ prefix: String, _ width: Int) throws(CodecError) -> [Float] {
        try array(prefix + ".alpha", [1, width, 1]).scalars
    }

    /// The quantizers, as many as the highest index among the names says, at least one.
    mutating func quantizers(width: Int) throws(CodecError) -> [QuantizerWeights] {
        let prefix = "quantizer.vq.layers"
        var quantizers: [QuantizerWeights] = []
        for index in 0..<max(1, layerCount(prefix)) {
            let first = quantizers.first
            let codebook = try array(
                "\(prefix).\(index)._codebook.embed", [first?.codebookSize, first?.codebookWidth])
            var projection: ConvolutionWeights?
            if codebook.columns != width {
                projection = try linear("\(prefix).\(index).project_out", [width, codebook.columns])
            }
            quantizers.append(QuantizerWeights(codebook: codebook, projection: projection))
        }
        return quantizers
    }

    /// One upsampling block; its output width is read from the transposed convolution.
    mutating func block(_ prefix: String, inputWidth: Int) throws(CodecError) -> BlockWeights {
        let alpha = try alpha("\(prefix).0", inputWidth)
        let upsampling = try transposedConvolution("\(prefix).1", inputWidth: inputWidth)
        let width = upsampling.outputWidth
        var residualUnits: [ResidualUnitWeights] = []
        for index in 2...4 {
            let unit = "\(prefix).\(index).block"
            residualUnits.append(
                ResidualUnitWeights(
                    dilatedAlpha: try self.alpha("\(unit).0", width),
                    dilated: try plainConvolution("\(unit).1", [width, width, 7]),
                    pointwiseAlpha: try self.alpha("\(unit).2", width),
                    pointwise: try plainConvolution("\(unit).3", [width, width, 1])))
        }
        return BlockWeights(alpha: alpha, upsampling: upsampling, residualUnits: residualUnits)
    }

    /// The number of upsampling blocks: the highest index whose names contain `.block.`.
    func blockCount(_ prefix: String) -> Int { layerCount(prefix, marker: "block.") - 1 }

    /// One more than the highest `n` among the names `prefix.n.marker…`, 0 if there is none.
    private func layerCount(_ prefix: String, marker: String = "") -> Int {
        let indices = tensors.keys.compactMap { name -> Int? in
            guard name.hasPrefix(prefix + ".") else { return nil }
            let parts = name.dropFirst(prefix.count + 1).split(separator: ".", maxSplits: 1)
            guard parts.count == 2, parts[1].hasPrefix(marker) else { return nil }
            return Int(parts[0])
        }
        // A stray index beyond all tensors only has to be found missing.
        return min(indices.max() ?? -1, tensors.count) + 1
    }
}
