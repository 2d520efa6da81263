internal import AlignmentTensors

/// Reads tensors of a state dict by name, checks their shapes and remembers which were read.
struct WeightReader {
    let tensors: [String: Tensor]
    private(set) var namesRead: Set<String> = []

    init(_ tensors: [String: Tensor]) { self.tensors = tensors }

    func contains(_ name: String) -> Bool { tensors[name] != nil }

    /// The tensor of this name in float32, its shape checked; `nil` stands for any positive extent.
    mutating func array(_ name: String, _ expected: [Int?]) throws(CodecError) -> NDArray<Float> {
        guard let tensor = tensors[name] else { throw .missingTensor(name: name) }
        namesRead.insert(name)
        let shape = tensor.shape
        let matches =
            shape.rank == expected.count
            && zip(shape.extents, expected).allSatisfy { found, wanted in
                found > 0 && found == wanted ?? found
            }
        guard matches else { throw .tensorShape(name: name, expected: expected, found: shape) }
        guard let array = tensor.convertedToFloat else {
            throw .tensorType(name: name, found: tensor.dtype)
        }
        return array
    }

    /// The weight of a convolution, its weight norm fused: `prefix.weight_g` and `prefix.weight_v`,
    /// or a plain `prefix.weight` where a conversion has fused them already.
    mutating func convolution(
        _ prefix: String, _ expected: [Int?]
    ) throws(CodecError) -> (shape: Shape, scalars: [Float]) {
        guard
            contains(prefix + ".weight_g") || contains(prefix + ".weight_v")
                || !contains(prefix + ".weight")
        else {
            let weight = try array(prefix + ".weight", expected)
            return (weight.shape, weight.scalars)
        }
        let magnitude = try array(
            prefix + ".weight_g", [expected.first ?? nil] + expected.dropFirst().map { _ in 1 })
        let direction = try array(prefix + ".weight_v", [magnitude.shape[0]] + expected.dropFirst())
        return (direction.shape, direction.scaled(to: magnitude))
    }
}

extension NDArray<Float> {
    /// Old-style weight norm over dimension 0, w = g · v / ‖v‖, the norm taken over all other
    /// dimensions (torch.nn.utils.weight_norm; in a transposed convolution these are the output
    /// channels and the kernel). Computed in Double, as no order of summation is upstream's.
    fileprivate func scaled(to magnitude: NDArray<Float>) -> [Float] {
        let sliceCount = scalars.count / shape[0]
        return scalars.withUnsafeBufferPointer { direction in
            [Float](unsafeUninitializedCapacity: direction.count) { weights, count in
                for (index, magnitude) in magnitude.scalars.enumerated() {
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

extension Tensor {
    /// The elements rounded to float32 as `load_state_dict` copies them; nil if they are not
    /// floating-point numbers.
    fileprivate var convertedToFloat: NDArray<Float>? {
        switch self {
        case .float64(let array): array.map { Float($0) }
        case .float32(let array): array
        case .float16(let array): array.map { Float($0) }
        case .bfloat16(let array): array.map { $0.float }
        case .int64, .int32, .uint8, .bool: nil
        }
    }
}
