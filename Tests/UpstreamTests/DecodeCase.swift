import AlignmentCodec
import AlignmentKit

/// A codec of random sizes, codes, and how they are decoded.
struct DecodeCase: Encodable {
    /// What upstream's constructor takes.
    struct Configuration: Encodable {
        var D: Int
        var channels: Int
        var ratios: [Int]
        var quantizerDim: Int
        var codebookDim: Int
        var nQ: Int
        var bins: Int
    }

    let seed: Int
    let configuration: Configuration
    let codes: PackedTensor
    /// How the state dict has a convolution's weight: `norm`, `fused` or `parametrized`.
    let form: String
    /// torch's names of the types to decode in.
    let types: [String]
    var chunkFrames: Int?
    var chunkContext = 0
    /// Frames after a chunk; as many as before it where nil.
    var chunkRightContext: Int?
    /// How the module's weights are made of the state dict's.
    var weightNorm = WeightNorm.fused.rawValue

    private enum CodingKeys: CodingKey {
        case seed, configuration, codes, form, types, chunkFrames, chunkContext, chunkRightContext, weightNorm
    }

    /// The same codes for the Swift stage.
    let frames: NDArray<Int64>

    init(
        _ dice: inout Dice, forms: [String], types: [String], ratios givenRatios: [Int]? = nil,
        frameCount: ClosedRange<Int> = 200...300
    ) {
        let ratios = givenRatios ?? dice.list(dice.roll(1...4)) { $0.pick([2, 2, 3, 3, 4, 5, 8]) }
        let codebookDim = dice.roll(2...24)
        let D = dice.roll(1...24)
        // Upstream projects the entries unless they are as wide as the sum; the port needs some width for its own.
        let quantizerDim = dice.chance(0.2) && codebookDim > D ? codebookDim : D + dice.roll(1...40)
        configuration = Configuration(
            D: D, channels: dice.roll(1...6) << ratios.count + dice.roll(0...3), ratios: ratios,
            quantizerDim: quantizerDim, codebookDim: codebookDim, nQ: dice.roll(1...10),
            bins: dice.roll(2...64))
        seed = dice.roll(0...1 << 30)
        form = dice.pick(forms)
        self.types = types
        let bins = Int64(configuration.bins)
        let columns = dice.roll(frameCount)
        let rows = dice.chance(0.8) ? configuration.nQ : dice.roll(1...configuration.nQ)
        frames = NDArray(rows: rows, columns: columns) { _, _ in dice.roll(0...bins - 1) }
        codes = PackedTensor(frames)
    }

    /// The frames on each side of a chunk that its samples depend on.
    ///
    /// Backwards from a chunk's samples: 3 rows of the last convolution, in each block 39 rows of the residual
    /// units, then the input rows of the transposed convolution (kernel 2s, stride s, padding ⌈s/2⌉), and 3 frames.
    static func reach(ratios: [Int]) -> Int {
        func floorDivided(_ dividend: Int, by divisor: Int) -> Int {
            Int((Double(dividend) / Double(divisor)).rounded(.down))
        }
        // The chunk of frame 0.
        var (first, last) = (-3, ratios.reduce(1, *) - 1 + 3)
        for stride in ratios.reversed() {
            let padding = (stride + 1) / 2
            first = -floorDivided(-(first - 39 + padding - 2 * stride + 1), by: stride)
            last = floorDivided(last + 39 + padding, by: stride)
        }
        return max(-(first - 3), last + 3)
    }

    /// The decode stage's profile that says the same.
    func profile(_ precision: CodecPrecision = .float32) -> DecodeProfile {
        var profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).decode
        profile.dtype = precision
        profile.quantizers = nil
        profile.chunkFrames = chunkFrames
        profile.chunkContext = chunkContext
        profile.chunkRightContext = chunkRightContext
        profile.weightNorm = WeightNorm(rawValue: weightNorm) ?? .fused
        return profile
    }
}

extension DecodeCase: CustomStringConvertible {
    /// The sizes and the form.
    var description: String {
        "\(configuration), \(form), codes \(frames.shape), chunks \(chunkFrames.map(String.init) ?? "none")+\(chunkContext)/\(chunkRightContext ?? chunkContext)"
    }
}

/// What a torch module gave for a case.
struct DecodeAnswer: Decodable, Equatable {
    let weights: [String: PackedTensor]
    let waveforms: [String: PackedTensor]

    /// The state dict.
    func stateDict() throws -> [String: Tensor] {
        try weights.compactMapValues { packed in
            switch packed.dtype {
            case "float32": .float32(try packed.array(Float.self))
            case "int64": .int64(try packed.array(Int64.self))
            default: nil
            }
        }
    }

    /// The samples of one type.
    func samples(_ type: String) throws -> [Double] {
        guard let packed = waveforms[type] else { throw MissingType(type: type) }
        return type == "float64"
            ? try packed.array(Double.self).scalars : try packed.array(Float.self).scalars.map(Double.init)
    }

    private struct MissingType: Error { let type: String }
}

/// The largest difference, infinite where one is not a number or the lengths differ.
func largestError(_ found: [some BinaryFloatingPoint], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) { largest, pair in
        let error = abs(Double(pair.0) - pair.1)
        return error.isNaN ? .infinity : max(largest, error)
    }
}

/// The energy of a difference.
func errorEnergy(_ found: [some BinaryFloatingPoint], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
}
