public import AlignmentTensors

/// What can be said of one tensor by itself. Sums are in binary64.
public struct TensorStatistics: Sendable, Equatable, Codable {
    /// Elements.
    public var count: Int
    /// The smallest finite element; nil without one.
    public var minimum: ElementValue?
    /// The largest finite element; nil without one.
    public var maximum: ElementValue?
    /// The mean of the finite elements; nil without one.
    public var mean: Double?
    /// The root of the mean square of the finite elements; nil without one.
    public var rms: Double?
    /// Of a waveform, the mean square after the mean is taken off; full scale is 1, also of integer samples.
    public var acEnergy: Double?
    /// Elements that are zero, of either sign.
    public var zeros: Int
    /// Elements that are not a number; nil where the type has none.
    public var nans: Int?
    /// Elements that are plus infinity; nil where the type has none.
    public var positiveInfinities: Int?
    /// Elements that are minus infinity; nil where the type has none.
    public var negativeInfinities: Int?
    /// Different values among integers; nil for floats and where there are more than `mostDistinct`.
    public var distinct: Int?

    /// Different values that are counted at most.
    public static let mostDistinct = 1 << 20

    /// Measures a tensor.
    ///
    /// - Parameter isWaveform: Whether its AC energy means something.
    public init(of tensor: Tensor, isWaveform: Bool) {
        switch tensor {
        case .float64(let array): self.init(floats: array.scalars, isWaveform) { $0 }
        case .float32(let array): self.init(floats: array.scalars, isWaveform) { Double($0) }
        case .float16(let array): self.init(floats: array.scalars, isWaveform) { Double($0) }
        case .bfloat16(let array): self.init(floats: array.scalars, isWaveform) { Double($0.float) }
        case .int64(let array): self.init(integers: array.scalars, nil)
        case .int32(let array): self.init(integers: array.scalars, isWaveform ? 0x1p31 : nil)
        case .uint8(let array): self.init(integers: array.scalars, nil)
        case .bool(let array):
            self.init(integers: array.scalars.map { UInt8($0 ? 1 : 0) }, nil)
            minimum = minimum.map { $0 == .integer(0) ? .bool(false) : .bool(true) }
            maximum = maximum.map { $0 == .integer(0) ? .bool(false) : .bool(true) }
        }
    }

    private init<Scalar>(floats scalars: [Scalar], _ isWaveform: Bool, _ value: (Scalar) -> Double) {
        var moments = Moments()
        var (nans, positive, negative, zeros) = (0, 0, 0, 0)
        for scalar in scalars {
            let value = value(scalar)
            if value.isFinite {
                moments.add(value)
                if value == 0 { zeros += 1 }
            } else if value.isNaN {
                nans += 1
            } else if value > 0 {
                positive += 1
            } else {
                negative += 1
            }
        }
        self.init(count: scalars.count, moments, zeros: zeros)
        (self.nans, positiveInfinities, negativeInfinities) = (nans, positive, negative)
        minimum = moments.count > 0 ? .number(moments.minimum) : nil
        maximum = moments.count > 0 ? .number(moments.maximum) : nil
        guard isWaveform, let mean else { return }
        var energy = 0.0
        for scalar in scalars {
            let value = value(scalar)
            if value.isFinite { energy += (value - mean) * (value - mean) }
        }
        acEnergy = energy / Double(moments.count)
    }

    private init(integers scalars: [some FixedWidthInteger], _ fullScale: Double?) {
        var moments = Moments()
        var distinct: Set<Int64>? = []
        var zeros = 0
        for scalar in scalars {
            moments.add(Double(scalar))
            if scalar == 0 { zeros += 1 }
            distinct?.insert(Int64(truncatingIfNeeded: scalar))
            if let found = distinct?.count, found > Self.mostDistinct { distinct = nil }
        }
        self.init(count: scalars.count, moments, zeros: zeros)
        self.distinct = distinct?.count
        minimum = scalars.min().map { .integer(Int64(truncatingIfNeeded: $0)) }
        maximum = scalars.max().map { .integer(Int64(truncatingIfNeeded: $0)) }
        guard let fullScale, let mean else { return }
        acEnergy =
            scalars.reduce(0.0) { $0 + ((Double($1) - mean) / fullScale) * ((Double($1) - mean) / fullScale) }
            / Double(scalars.count)
    }

    private init(count: Int, _ moments: Moments, zeros: Int) {
        self.count = count
        self.zeros = zeros
        guard moments.count > 0 else { return }
        mean = moments.sum / Double(moments.count)
        rms = (moments.squares / Double(moments.count)).squareRoot()
    }
}

/// Sums and bounds of finite numbers.
private struct Moments {
    var count = 0
    var sum = 0.0
    var squares = 0.0
    var minimum = Double.infinity
    var maximum = -Double.infinity

    mutating func add(_ value: Double) {
        count += 1
        sum += value
        squares += value * value
        minimum = min(minimum, value)
        maximum = max(maximum, value)
    }
}

/// How the ids of a tensor of audio ids lie in the vocabulary.
public struct IDFigures: Sendable, Equatable, Codable {
    /// Codes of a codebook and the two ids that begin and end a stream.
    public var vocabulary: Int
    /// Ids that begin or end a stream.
    public var streamIds: Int
    /// Ids below 0, or beyond the vocabulary.
    public var outOfRange: Int

    /// Counts ids.
    ///
    /// - Parameter codebookSize: Codes of a codebook; the next two ids begin and end a stream.
    public init(of ids: [Int64], codebookSize: Int) {
        vocabulary = codebookSize + 2
        let codes = Int64(codebookSize)
        streamIds = ids.count { $0 >= codes && $0 < codes + 2 }
        outOfRange = ids.count { $0 < 0 || $0 >= codes + 2 }
    }
}
