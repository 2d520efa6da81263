/// The upper half of a binary32: one sign bit, eight exponent bits, seven of the significand.
public struct BFloat16: Sendable, Hashable, BitwiseCopyable {
    /// The sixteen bits, as an archive stores them.
    public var bitPattern: UInt16

    /// A value of these bits.
    public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// The nearest value, ties to even, as torch rounds; a NaN stays a NaN.
    public init(_ value: Float) {
        let bits = value.bitPattern
        if value.isNaN {
            bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x0040
        } else {
            let rounding: UInt32 = 0x7FFF + ((bits >> 16) & 1)
            bitPattern = UInt16(truncatingIfNeeded: (bits &+ rounding) >> 16)
        }
    }

    /// The same value in binary32, exact.
    public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
}
