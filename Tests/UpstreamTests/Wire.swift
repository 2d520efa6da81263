import AlignmentKit
import Foundation

/// A tensor as the oracle reads and writes it: shape, numpy's name of the type, bytes in C order.
struct PackedTensor: Codable, Equatable {
    let shape: [Int]
    let dtype: String
    let data: Data

    init(_ tensor: Tensor) {
        shape = tensor.shape.extents
        dtype = tensor.dtype.rawValue
        data = tensor.withUnsafeBytes { Data($0) }
    }

    init(_ array: NDArray<Int64>) { self.init(.int64(array)) }

    init(_ vector: [Int64]) { self.init(NDArray(vector: vector)) }

    init(_ vector: [Int]) { self.init(vector.map(Int64.init)) }

    /// The matrix of float32 or int64 scalars that this packs.
    func array<Scalar: Sendable>(_ type: Scalar.Type) throws -> NDArray<Scalar> {
        let scalars = data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: MemoryLayout<Scalar>.stride).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: Scalar.self)
            }
        }
        return try NDArray(shape: Shape(shape), scalars: scalars)
    }
}

extension PackedTensor: CustomStringConvertible {
    /// The shape and the elements, int64 ones as numbers.
    var description: String {
        guard dtype == "int64", let array = try? array(Int64.self) else { return "\(dtype) \(shape)" }
        return "\(dtype) \(shape) \(array.scalars)"
    }
}

/// What a function gave: a value, or an exception's class and message.
enum Outcome<Value: Equatable & Sendable>: Equatable, Sendable {
    case value(Value)
    case raised(type: String, message: String)

    /// What a Swift stage gives or throws.
    init(_ body: () throws(UpstreamError) -> Value) {
        do {
            self = .value(try body())
        } catch {
            self = .raised(type: error.type, message: error.message)
        }
    }
}

extension Outcome {
    /// The outcome with its value mapped.
    func map<Other>(_ transform: (Value) -> Other) -> Outcome<Other> {
        switch self {
        case .value(let value): .value(transform(value))
        case .raised(let type, let message): .raised(type: type, message: message)
        }
    }
}

extension Outcome: Decodable where Value: Decodable {
    private enum Key: CodingKey { case value, raised }
    private struct Exception: Decodable {
        let type: String
        let message: String
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let exception = try container.decodeIfPresent(Exception.self, forKey: .raised) {
            self = .raised(type: exception.type, message: exception.message)
        } else {
            self = .value(try container.decode(Value.self, forKey: .value))
        }
    }
}
