internal import AlignmentTensors

/// The layers in order, applied to a stretch of the audio with the context that it depends on.
struct TileDecoder: Sendable {
    private let quantizer: ResidualQuantizer
    private let latentProjection: RowConvolution
    private let inputConvolution: RowConvolution
    private let blocks: [UpsamplingBlock]
    private let outputSnake: Snake
    private let outputConvolution: RowConvolution

    init(_ weights: CodecWeights, _ rounding: Rounding) {
        quantizer = ResidualQuantizer(
            weights.quantizers, width: weights.configuration.quantizedWidth, rounding)
        latentProjection = RowConvolution(weights.latentProjection, rounding)
        inputConvolution = RowConvolution(weights.inputConvolution, rounding)
        blocks = weights.blocks.map { UpsamplingBlock($0, rounding) }
        outputSnake = Snake(alpha: weights.outputAlpha, rounding)
        outputConvolution = RowConvolution(weights.outputConvolution, rounding)
    }

    /// Writes these frames' samples. Each layer computes the rows that the later ones depend on and
    /// no others; beyond the audio's ends every convolution reads zeros, at a tile's borders it does not.
    func decode(
        _ codes: NDArray<Int64>, frames: Range<Int>, to output: UnsafeMutablePointer<Float>,
        in workspace: Workspace
    ) {
        var length = codes.columns
        let hopLength = blocks.reduce(1) { $0 * $1.stride }
        let samples = frames.lowerBound * hopLength..<frames.upperBound * hopLength
        let needed = neededRows(samples, length: length)

        let context = needed[0].extended(by: inputConvolution.reach)
        let inside = context.clamped(to: 0..<length)
        quantizer.apply(workspace, codes: codes, frames: inside)
        workspace.activated.resize(context, width: latentProjection.outputWidth)
        workspace.activated.clearRows(outside: length)
        latentProjection.write(
            workspace.stream, rows: inside, to: workspace.activated.pointer(row: inside.lowerBound))
        workspace.stream.resize(needed[0], width: inputConvolution.outputWidth)
        inputConvolution.write(
            workspace.activated, rows: needed[0], to: workspace.stream.pointer(row: needed[0].lowerBound))

        for (block, rows) in zip(blocks, needed.dropFirst()) {
            block.apply(workspace, rows: rows, length: length)
            length *= block.stride
        }
        workspace.activate(outputSnake, rows: samples.extended(by: outputConvolution.reach), length: length)
        outputConvolution.write(workspace.activated, rows: samples, to: output + samples.lowerBound)
    }

    /// The rows needed before the first block, then after each block, within the audio.
    private func neededRows(_ samples: Range<Int>, length: Int) -> [Range<Int>] {
        var lengths = [length]
        for block in blocks { lengths.append(lengths[lengths.count - 1] * block.stride) }
        var rows = samples.extended(by: outputConvolution.reach).clamped(to: 0..<lengths[blocks.count])
        var needed = [rows]
        for (block, length) in zip(blocks, lengths).reversed() {
            rows = block.inputRows(for: rows).clamped(to: 0..<length)
            needed.append(rows)
        }
        return needed.reversed()
    }
}
