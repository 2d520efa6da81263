public import AlignmentTensors

/// One element of a tensor, as JSON writes it.
public enum ElementValue: Sendable, Hashable, Codable {
    case integer(Int64)
    case number(Double)
    case bool(Bool)

    /// Reads what `encode` wrote. A whole number reads as an integer, whatever it was.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else {
            self = .number(try container.decode(Double.self))
        }
    }

    /// Writes the plain value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .bool(let value): try container.encode(value)
        }
    }
}

extension Tensor {
    /// The element at a flat offset. Floats are widened by their shortest decimal digits, so that 0.1 stays 0.1.
    public func element(_ offset: Int) -> ElementValue {
        switch self {
        case .float64(let array): .number(array[flat: offset])
        case .float32(let array): .number(Self.shortest(array[flat: offset]))
        case .float16(let array): .number(Self.shortest(array[flat: offset]))
        case .bfloat16(let array): .number(Double(array[flat: offset].float))
        case .int64(let array): .integer(array[flat: offset])
        case .int32(let array): .integer(Int64(array[flat: offset]))
        case .uint8(let array): .integer(Int64(array[flat: offset]))
        case .bool(let array): .bool(array[flat: offset])
        }
    }

    private static func shortest(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> Double {
        Double(value.description) ?? Double(value)
    }
}
