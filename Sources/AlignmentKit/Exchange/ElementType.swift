public import AlignmentTensors

/// The element types that dumps may have: those of an archive, and what is turned into one of them.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
    case float64, float32, float16, bfloat16
    case int64, int32, int16, int8
    case uint64, uint32, uint16, uint8
    case bool
    /// Two bytes of no declared meaning, as some programs write bfloat16 to `.npy`.
    case void2

    /// The types that a manifest can name.
    public static let nameable = allCases.filter { $0 != .void2 }

    /// The same type in an archive.
    public init(_ dtype: DType) {
        self =
            switch dtype {
            case .float64: .float64
            case .float32: .float32
            case .float16: .float16
            case .bfloat16: .bfloat16
            case .int64: .int64
            case .int32: .int32
            case .uint8: .uint8
            case .bool: .bool
            }
    }

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16, .void2: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// The archive's type of the same values and size; nil if archives have none.
    public var dtype: DType? { DType(rawValue: rawValue) }

    /// Whether the elements are whole numbers.
    public var isInteger: Bool {
        switch self {
        case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8: true
        default: false
        }
    }
}
