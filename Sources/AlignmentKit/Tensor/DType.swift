/// The logical element types of an archive (docs/golden-format.md), named as in its `dtype` attribute.
public enum DType: String, Sendable, Hashable, CaseIterable, Codable {
    case float64, float32, float16, bfloat16, int64, int32, uint8, bool

    /// Bytes of one element, in memory and in the hash.
    public var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16: 2
        case .uint8, .bool: 1
        }
    }

    /// Whether the elements are floating-point numbers.
    public var isFloat: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16: true
        case .int64, .int32, .uint8, .bool: false
        }
    }
}
