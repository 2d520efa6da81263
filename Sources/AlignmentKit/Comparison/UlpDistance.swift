import Foundation

/// Distances in representable values: how many floats of the type lie between two.
enum UlpDistance {
    /// The distance of two floats by their bits, neither of them NaN.
    ///
    /// Bits of floats grow with the magnitude; those of negative ones are mirrored, so that both zeros fall
    /// together.
    static func between<Bits: FixedWidthInteger & SignedInteger>(_ left: Bits, _ right: Bits) -> UInt64 {
        func place(_ bits: Bits) -> Int64 { Int64(bits < 0 ? Bits.min &- bits : bits) }
        let (first, second) = (place(left), place(right))
        return first >= second
            ? UInt64(bitPattern: first &- second) : UInt64(bitPattern: second &- first)
    }
}

/// 10 log10 of a ratio of energies.
func decibels(_ ratio: Double) -> Double { 10 * log10(ratio) }
