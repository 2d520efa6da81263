/// How a convolution's weight is made of the magnitude and the direction that weight norm holds.
public enum WeightNorm: String, Sendable, Hashable, CaseIterable {
    /// w = g · v / ‖v‖, as torch computes it.
    case fused
    /// w = v: the direction taken for the weight, the magnitude left out.
    case directionOnly = "direction-only"
}

extension CodecWeights {
    /// The weights under a weight norm; those of convolutions that have a plain weight stay.
    ///
    /// - Throws: `CodecError.fusedWeights` if directions are asked for and no convolution has one.
    func normed(by norm: WeightNorm) throws(CodecError) -> CodecWeights {
        guard norm == .directionOnly else { return self }
        var weights = self
        var found = weights.inputConvolution.dropMagnitude()
        for block in weights.blocks.indices {
            found += weights.blocks[block].upsampling.dropMagnitude()
            for unit in weights.blocks[block].residualUnits.indices {
                found += weights.blocks[block].residualUnits[unit].dilated.dropMagnitude()
                found += weights.blocks[block].residualUnits[unit].pointwise.dropMagnitude()
            }
        }
        found += weights.outputConvolution.dropMagnitude()
        guard found > 0 else { throw .fusedWeights }
        return weights
    }
}

extension ConvolutionWeights {
    /// Leaves the direction alone; 1 if there was a magnitude, else 0.
    fileprivate mutating func dropMagnitude() -> Int {
        defer { magnitude = nil }
        return magnitude == nil ? 0 : 1
    }
}
