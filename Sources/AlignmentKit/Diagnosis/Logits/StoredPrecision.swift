/// The coarsest float type that holds every logit of a run: what the model's head gave before it was widened.
public enum StoredPrecision: String, Sendable, Codable {
    case float32
    case float16
    case bfloat16

    /// Bits of the significand, the leading one left out.
    var fractionBits: Int {
        switch self {
        case .float32: 23
        case .float16: 10
        case .bfloat16: 7
        }
    }
}

extension StoredPrecision {
    /// Watches values go by.
    struct Sieve {
        private var isFloat16 = true
        private var isBFloat16 = true

        mutating func add(_ values: ArraySlice<Float>) {
            guard isFloat16 || isBFloat16 else { return }
            for value in values where !value.isNaN {
                isBFloat16 = isBFloat16 && value.bitPattern & 0xFFFF == 0
                isFloat16 = isFloat16 && Float(Float16(value)) == value
            }
        }

        /// bfloat16 has fewer bits, so a run that lies on both grids is one in bfloat16.
        var precision: StoredPrecision { isBFloat16 ? .bfloat16 : isFloat16 ? .float16 : .float32 }
    }
}
