internal import AlignmentTensors

/// Reads tensors of a state dict by name, checks their shapes and remembers which were read.
struct WeightReader {
    let tensors: [String: Tensor]
    let naming: CodecNaming
    private(set) var namesRead: Set<String> = []

    init(_ tensors: [String: Tensor]) {
        self.tensors = tensors
        naming = CodecNaming(of: tensors.keys)
    }

    func contains(_ name: String) -> Bool { tensors[name] != nil }

    /// The tensor of this name in float32, its shape checked; `nil` stands for any positive extent.
    mutating func array(_ name: String, _ expected: [Int?]) throws(CodecError) -> NDArray<Float> {
        guard let tensor = tensors[name] else { throw .missingTensors(names: [name]) }
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

    /// The weight of a convolution: under weight norm magnitude and direction, else the weight alone.
    mutating func convolution(
        _ prefix: String, _ expected: [Int?]
    ) throws(CodecError) -> (weight: NDArray<Float>, magnitude: [Float]?) {
        guard let pair = normPair(prefix) else { return (try array(prefix + ".weight", expected), nil) }
        let magnitude = try array(
            pair.magnitude, [expected.first ?? nil] + expected.dropFirst().map { _ in 1 })
        let direction = try array(pair.direction, [magnitude.shape[0]] + expected.dropFirst())
        return (direction, magnitude.scalars)
    }

    /// The names of a convolution's weight norm, of which the state dict has at least one; nil where it has none.
    ///
    /// torch.nn.utils.weight_norm has `weight_g` and `weight_v`, torch.nn.utils.parametrizations.weight_norm has
    /// `original0` and `original1`.
    func normPair(_ prefix: String) -> (magnitude: String, direction: String)? {
        let pairs = [
            ("weight_g", "weight_v"),
            ("parametrizations.weight.original0", "parametrizations.weight.original1"),
        ]
        return pairs.map { ("\(prefix).\($0)", "\(prefix).\($1)") }.first { contains($0) || contains($1) }
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
