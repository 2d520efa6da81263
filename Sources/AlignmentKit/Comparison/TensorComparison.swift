public import AlignmentTensors
internal import Foundation

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
    ///   - axes: the name of each axis, for the worst slices; an axis with an empty name has none, and with no names
    ///     at all they are `axis 0`, `axis 1`, … An axis named `sample` gives the worst frame.
    ///   - frameLength: samples in a frame.
    ///   - threads: how many to use; nil takes one for each core. The result is the same for any number.
    public init(
        _ left: Tensor, _ right: Tensor, tolerance: Tolerance? = nil, axes: [String] = [],
        frameLength: Int = 960, threads: Int? = nil
    ) {
        guard left.dtype == right.dtype else {
            self = .mismatch("type \(left.dtype.rawValue) against \(right.dtype.rawValue)")
            return
        }
        guard left.shape == right.shape else {
            self = .mismatch("shape \(left.shape) against \(right.shape)")
            return
        }
        let comparison = left.withUnsafeBytes { left in
            right.withUnsafeBytes { bytes in
                TensorComparison(
                    of: TensorPair(left: left, right: bytes, byteCount: right.dtype.byteCount),
                    dtype: right.dtype, shape: right.shape, tolerance: tolerance, axes: axes,
                    frameLength: frameLength, threads: threads)
            }
        }
        guard let comparison else { preconditionFailure("memory gives every stretch") }
        self = comparison
    }

    /// Compares two tensors of one type and shape whose elements come from elsewhere; nil if the source gave up.
    package init?(
        of source: any PairSource, dtype: DType, shape: Shape, tolerance: Tolerance?, axes: [String],
        frameLength: Int = 960, threads: Int? = nil
    ) {
        let tolerance = tolerance ?? .standard(for: dtype)
        let partition = Partition(shape, axes: axes, frameLength: frameLength)
        let threads = threads ?? Self.cores
        func measured<Element: Measurable>(_: Element.Type) -> ComparisonFigures? {
            var meter = Meter<Element>(
                source, shape: shape, partition: partition, tolerance: tolerance, threads: threads)
            return meter.figures(shape: shape)
        }
        let found =
            switch dtype {
            case .float64: measured(Double.self)
            case .float32: measured(Float.self)
            case .float16: measured(Float16.self)
            case .bfloat16: measured(BFloat16.self)
            case .int64: measured(Int64.self)
            case .int32: measured(Int32.self)
            case .uint8, .bool: measured(UInt8.self)
            }
        guard let figures = found else { return nil }
        let passes =
            figures.overTolerance == 0
            && (tolerance.minimumSNR.map { figures.snrDb >= $0 } ?? true)
        let isEqual = figures.different == 0 && figures.tieSwaps == 0
        verdict = passes ? isEqual ? .equal : .withinTolerance : .differs
        self.figures = figures
        self.tolerance = tolerance
    }

    /// Asking the system reads a file each time.
    private static let cores = ProcessInfo.processInfo.activeProcessorCount

    private init(verdict: Verdict, reason: String? = nil) {
        self.verdict = verdict
        self.reason = reason
    }
}
