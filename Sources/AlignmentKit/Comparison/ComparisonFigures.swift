/// What a comparison measured. Errors are left minus right; right is the reference.
public struct ComparisonFigures: Sendable, Equatable, Codable {
    /// Pairs compared.
    public var count = 0
    /// Pairs that differ at all.
    public var different = 0
    /// Pairs over the tolerance.
    public var overTolerance = 0
    /// The same as a share of all pairs, 0 ... 1.
    public var shareOverTolerance = 0.0
    /// The first pair over the tolerance, else the first that differs.
    public var first: Place?
    /// The pair with the largest error.
    public var worst: Place?
    /// Largest absolute error.
    public var maxAbs = 0.0
    /// Largest error as a share of the reference value, where that is not zero.
    public var maxRel = 0.0
    /// Root mean square of the errors.
    public var rmsError = 0.0
    /// Energy of the reference over the energy of the error, in dB.
    public var snrDb = Double.infinity
    /// Cosine of the angle between both.
    public var cosine = 1.0
    /// Largest distance in representable values, for floats.
    public var maxUlp: Int64?
    /// Pairs of NaN at the same place.
    public var nanPairs = 0
    /// Cells of sampling scores in which equal scores at the nucleus's edge fell otherwise.
    public var tieSwaps = 0
    /// The worst slice along each named axis.
    public var worstSlices: [Slice] = []

    /// A pair of values and where it stands.
    public struct Place: Sendable, Equatable, Codable {
        /// Index along every axis.
        public var index: [Int]
        /// The value compared.
        public var left: Double
        /// The reference's.
        public var right: Double
    }

    /// One slice along an axis, such as one frame or one codebook.
    public struct Slice: Sendable, Equatable, Codable {
        /// The axis, `frame`.
        public var axis: String
        /// Which one; the first of several where `length` is more than 1.
        public var index: Int
        /// How many neighbours along the axis the slice holds: more than 1 only on axes of more than 65,536.
        public var length: Int
        /// Root mean square of its errors.
        public var rmsError: Double
        /// Pairs over the tolerance in it.
        public var overTolerance: Int
    }

    /// Figures of nothing.
    public init() {}
}
