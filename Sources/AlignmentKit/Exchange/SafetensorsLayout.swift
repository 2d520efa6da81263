internal import AlignmentJSON
import AlignmentTensors

/// Where tensors stand in a `.safetensors` file that is to be written.
struct SafetensorsLayout {
    /// A tensor to be written.
    struct Entry {
        let key: String
        let dtype: DType
        let shape: Shape

        var byteCount: Int { shape.elementCount * dtype.byteCount }
    }

    /// The tensors in the order of their bytes: the widest elements first, so that all are aligned.
    let entries: [Entry]

    init(_ entries: [Entry]) {
        self.entries = entries.sorted {
            if $0.dtype.byteCount != $1.dtype.byteCount { return $0.dtype.byteCount > $1.dtype.byteCount }
            return $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
    }

    /// The bytes before the first tensor's, a multiple of 8.
    func header() -> [UInt8] {
        var members: [String: JSONValue] = [:]
        var offset = 0
        for entry in entries {
            members[entry.key] = .object([
                "dtype": .string(Self.name(of: entry.dtype)),
                "shape": .array(entry.shape.extents.map(JSONValue.integer)),
                "data_offsets": .array([.integer(offset), .integer(offset + entry.byteCount)]),
            ])
            offset += entry.byteCount
        }
        var text = Array(JSONValue.object(members).compactText.utf8)
        text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> ($0 * 8)) } + text
    }

    private static func name(of dtype: DType) -> String {
        switch dtype {
        case .float64: "F64"
        case .float32: "F32"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .int64: "I64"
        case .int32: "I32"
        case .uint8: "U8"
        case .bool: "BOOL"
        }
    }
}
