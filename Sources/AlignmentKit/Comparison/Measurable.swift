internal import AlignmentTensors
internal import CKernels

/// A function of Sources/CKernels, for runs of finite floats of one type.
typealias MeasureKernel =
    @convention(c) (
        UnsafeRawPointer?, UnsafeRawPointer?, Int, Double, UnsafeMutablePointer<Double>?,
        UnsafeMutablePointer<measure_sums>?
    ) -> Void

/// An element type that pairs can be measured of.
protocol Measurable: BitwiseCopyable, Sendable {
    /// The kernel for finite runs, for types that have one.
    static var kernel: MeasureKernel? { get }
    /// The value in binary64; rounded only for large int64.
    var real: Double { get }
    /// From here on a value stands for a mask, as `finfo.min` does, and does not count for the reference's RMS:
    /// half the largest finite value; infinite for integers.
    static var maskMagnitude: Double { get }
    /// |left - right|; NaN where either is NaN, 0 for equal infinities.
    static func error(_ left: Self, _ right: Self) -> Double
    /// Representable values between two that are finite; 0 for integers.
    static func ulpDistance(_ left: Self, _ right: Self) -> UInt64
}

extension Measurable {
    /// Errors of floats in binary64, exact up to its rounding.
    fileprivate static func floatError(_ left: Self, _ right: Self) -> Double {
        let (x, y) = (left.real, right.real)
        return x == y ? 0 : (x - y).magnitude
    }
}

extension Double: Measurable {
    static let kernel: MeasureKernel? = measure_float64
    static let maskMagnitude = Double.greatestFiniteMagnitude / 2
    var real: Double { self }
    static func error(_ left: Double, _ right: Double) -> Double { floatError(left, right) }
    static func ulpDistance(_ left: Double, _ right: Double) -> UInt64 {
        UlpDistance.between(Int64(bitPattern: left.bitPattern), Int64(bitPattern: right.bitPattern))
    }
}

extension Float: Measurable {
    static let kernel: MeasureKernel? = measure_float32
    static let maskMagnitude = Double(Float.greatestFiniteMagnitude) / 2
    var real: Double { Double(self) }
    static func error(_ left: Float, _ right: Float) -> Double { floatError(left, right) }
    static func ulpDistance(_ left: Float, _ right: Float) -> UInt64 {
        UlpDistance.between(Int32(bitPattern: left.bitPattern), Int32(bitPattern: right.bitPattern))
    }
}

extension Float16: Measurable {
    static let kernel: MeasureKernel? = measure_float16
    static let maskMagnitude = Double(Float16.greatestFiniteMagnitude) / 2
    var real: Double { Double(self) }
    static func error(_ left: Float16, _ right: Float16) -> Double { floatError(left, right) }
    static func ulpDistance(_ left: Float16, _ right: Float16) -> UInt64 {
        UlpDistance.between(Int16(bitPattern: left.bitPattern), Int16(bitPattern: right.bitPattern))
    }
}

extension BFloat16: Measurable {
    static let kernel: MeasureKernel? = measure_bfloat16
    static let maskMagnitude = Double(BFloat16(bitPattern: 0x7F7F).float) / 2
    var real: Double { Double(float) }
    static func error(_ left: BFloat16, _ right: BFloat16) -> Double { floatError(left, right) }
    static func ulpDistance(_ left: BFloat16, _ right: BFloat16) -> UInt64 {
        UlpDistance.between(Int16(bitPattern: left.bitPattern), Int16(bitPattern: right.bitPattern))
    }
}

/// Integers are widened before they are subtracted.
protocol MeasurableInteger: Measurable, FixedWidthInteger {}

extension MeasurableInteger {
    static var kernel: MeasureKernel? { nil }
    static var maskMagnitude: Double { .infinity }
    var real: Double { Double(self) }
    static func error(_ left: Self, _ right: Self) -> Double {
        let (difference, overflow) = Int64(left).subtractingReportingOverflow(Int64(right))
        return overflow ? (Double(left) - Double(right)).magnitude : Double(difference.magnitude)
    }
    static func ulpDistance(_ left: Self, _ right: Self) -> UInt64 { 0 }
}

extension Int64: MeasurableInteger {}
extension Int32: MeasurableInteger {}
extension UInt8: MeasurableInteger {}
