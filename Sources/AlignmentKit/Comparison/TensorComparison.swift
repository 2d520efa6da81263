public import AlignmentTensors

/// The verdict on two tensors and the figures behind it.
public struct TensorComparison: Sendable, Equatable, Codable {
    /// Whether they agree.
    public enum Verdict: String, Sendable, Codable, Comparable {
        case equal
        case withinTolerance = "within_tolerance"
        case differs

        /// Better verdicts are smaller.
        public static func < (left: Verdict, right: Verdict) -> Bool { left.rank < right.rank }
        private var rank: Int {
            switch self {
            case .equal: 0
            case .withinTolerance: 1
            case .differs: 2
            }
        }
    }

    /// Whether they agree.
    public var verdict: Verdict
    /// Why they could not be compared element by element.
    public var reason: String?
    /// The figures, where they could.
    public var figures: ComparisonFigures?
    /// The tolerance in force.
    public var tolerance: Tolerance?

    /// Two values that differ as wholes: one is missing, or the shapes or types are not the same.
    public static func mismatch(_ reason: String) -> TensorComparison {
        TensorComparison(verdict: .differs, reason: reason)
    }

    /// Two values that are the same as wholes, such as None and None.
    public static let same = TensorComparison(verdict: .equal)

    /// Compares two tensors element by element.
    ///
    /// - Parameters:
    ///   - left: what is judged.
    ///   - right: the reference.
    ///   - tolerance: nil takes the standard one of the type.
    ///   - axes: the name of each axis, for the worst slices; an axis with an empty name has none. A waveform's single axis
    ///     named `sample` also gives the worst frame of `frameLength` samples.
    ///   - frameLength: samples in a frame.
    public init(
        _ left: Tensor, _ right: Tensor, tolerance: Tolerance? = nil, axes: [String] = [],
        frameLength: Int = 960
    ) {
        guard left.dtype == right.dtype else {
            self = .mismatch("type \(left.dtype.rawValue) against \(right.dtype.rawValue)")
            return
        }
        guard left.shape == right.shape else {
            self = .mismatch("shape \(left.shape) against \(right.shape)")
            return
        }
        let tolerance = tolerance ?? .standard(for: left.dtype)
        if left == right && !right.containsNaN {
            var figures = ComparisonFigures()
            figures.count = right.shape.elementCount
            figures.maxUlp = right.dtype.isFloat ? 0 : nil
            (verdict, self.figures, self.tolerance) = (.equal, figures, tolerance)
            return
        }
        var meter = Meter(
            shape: right.shape, tolerance: tolerance, referenceRMS: right.rootMeanSquare, axes: axes,
            frameLength: frameLength)
        meter.measure(left, right)
        let figures = meter.figures
        let passes =
            figures.overTolerance == 0
            && (tolerance.minimumSNR.map { figures.snrDb >= $0 } ?? true)
        verdict = figures.different == 0 && passes ? .equal : passes ? .withinTolerance : .differs
        self.figures = figures
        self.tolerance = tolerance
    }

    private init(verdict: Verdict, reason: String? = nil) {
        self.verdict = verdict
        self.reason = reason
    }
}

extension Tensor {
    /// Whether any element is no number.
    var containsNaN: Bool {
        switch self {
        case .float64(let array): array.scalars.contains(where: \.isNaN)
        case .float32(let array): array.scalars.contains(where: \.isNaN)
        case .float16(let array): array.scalars.contains(where: \.isNaN)
        case .bfloat16(let array): array.scalars.contains(where: \.float.isNaN)
        case .int64, .int32, .uint8, .bool: false
        }
    }

    /// Root of the mean square over the finite elements; 0 for none.
    var rootMeanSquare: Double {
        func rms<Scalar>(_ array: NDArray<Scalar>, _ value: (Scalar) -> Double) -> Double {
            var sum = 0.0
            var count = 0
            for scalar in array.scalars {
                let number = value(scalar)
                if number.isFinite {
                    sum += number * number
                    count += 1
                }
            }
            return count == 0 ? 0 : (sum / Double(count)).squareRoot()
        }
        return switch self {
        case .float64(let array): rms(array) { $0 }
        case .float32(let array): rms(array, Double.init)
        case .float16(let array): rms(array, Double.init)
        case .bfloat16(let array): rms(array) { Double($0.float) }
        case .int64(let array): rms(array, Double.init)
        case .int32(let array): rms(array, Double.init)
        case .uint8(let array): rms(array, Double.init)
        case .bool(let array): rms(array) { $0 ? 1 : 0 }
        }
    }
}
