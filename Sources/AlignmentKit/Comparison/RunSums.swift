internal import CKernels

/// What one pass over pairs gives; errors are left minus right, sums are binary64.
struct RunSums: Sendable, Equatable {
    /// Sums over the pairs of which both are finite.
    var leftEnergy = 0.0, rightEnergy = 0.0, product = 0.0
    /// Sum of the squared errors; infinite where a value that is not finite has another across.
    var errorEnergy = 0.0
    /// Energy and number of the reference's finite values, masks left out.
    var referenceEnergy = 0.0, referenceCount = 0
    /// Largest error; NaN once there is one.
    var maxAbs = 0.0
    /// Largest error beyond the relative tolerance; infinite where no tolerance can help.
    var maxExcess = -Double.greatestFiniteMagnitude
    var maxRel = 0.0
    var maxUlp: UInt64 = 0
    var different = 0
    var nanPairs = 0
    var tieSwaps = 0

    mutating func merge(_ other: RunSums) {
        leftEnergy += other.leftEnergy
        rightEnergy += other.rightEnergy
        product += other.product
        errorEnergy += other.errorEnergy
        referenceEnergy += other.referenceEnergy
        referenceCount += other.referenceCount
        maxAbs = Self.larger(maxAbs, other.maxAbs)
        maxExcess = max(maxExcess, other.maxExcess)
        maxRel = max(maxRel, other.maxRel)
        maxUlp = max(maxUlp, other.maxUlp)
        different += other.different
        nanPairs += other.nanPairs
        tieSwaps += other.tieSwaps
    }

    /// The larger error; NaN is larger than any.
    static func larger(_ left: Double, _ right: Double) -> Double {
        left.isNaN || right.isNaN ? .nan : max(left, right)
    }
}

extension RunSums {
    /// The sums of a run of finite values, as a kernel gave them.
    init(_ sums: measure_sums, count: Int) {
        leftEnergy = sums.left_energy
        rightEnergy = sums.right_energy
        product = sums.product
        errorEnergy = sums.error_energy
        referenceEnergy = sums.right_energy
        referenceCount = count
        maxAbs = sums.max_abs
        maxExcess = sums.max_excess
        maxRel = sums.max_rel
        maxUlp = sums.max_ulp
        different = Int(sums.different)
    }
}
