import Foundation

/// A float whose values can be counted off one by one.
protocol UlpOrdered {
    var isNaN: Bool { get }
    /// The number of representable values between two, neither of them NaN.
    static func ulpDistance(_ left: Self, _ right: Self) -> Int64
}

extension Double: UlpOrdered {
    static func ulpDistance(_ left: Double, _ right: Double) -> Int64 {
        func ordinal(_ value: Double) -> Int64 {
            let bits = Int64(bitPattern: value.bitPattern)
            return bits < 0 ? Int64.min &- bits : bits
        }
        let (distance, overflow) = ordinal(left).subtractingReportingOverflow(ordinal(right))
        return overflow || distance == .min ? .max : Int64(distance.magnitude)
    }
}

extension Float: UlpOrdered {
    static func ulpDistance(_ left: Float, _ right: Float) -> Int64 {
        func ordinal(_ value: Float) -> Int64 {
            let bits = Int32(bitPattern: value.bitPattern)
            return Int64(bits < 0 ? Int32.min &- bits : bits)
        }
        return Int64((ordinal(left) - ordinal(right)).magnitude)
    }
}

extension Float16: UlpOrdered {
    static func ulpDistance(_ left: Float16, _ right: Float16) -> Int64 {
        func ordinal(_ value: Float16) -> Int64 {
            let bits = Int16(bitPattern: value.bitPattern)
            return Int64(bits < 0 ? Int16.min &- bits : bits)
        }
        return Int64((ordinal(left) - ordinal(right)).magnitude)
    }
}

/// 10 log10 of a ratio of energies.
func decibels(_ ratio: Double) -> Double { 10 * log10(ratio) }
