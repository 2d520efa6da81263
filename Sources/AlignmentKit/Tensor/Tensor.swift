internal import Foundation

/// A dense array with one of the archive's element types.
public enum Tensor: Sendable {
    case float64(NDArray<Double>)
    case float32(NDArray<Float>)
    case float16(NDArray<Float16>)
    case bfloat16(NDArray<BFloat16>)
    case int64(NDArray<Int64>)
    case int32(NDArray<Int32>)
    case uint8(NDArray<UInt8>)
    case bool(NDArray<Bool>)

    /// The logical element type.
    public var dtype: DType {
        switch self {
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

    /// The extents, outermost first.
    public var shape: Shape {
        switch self {
        case .float64(let array): array.shape
        case .float32(let array): array.shape
        case .float16(let array): array.shape
        case .bfloat16(let array): array.shape
        case .int64(let array): array.shape
        case .int32(let array): array.shape
        case .uint8(let array): array.shape
        case .bool(let array): array.shape
        }
    }

    /// The array if its elements are int64; throws `TensorError.dtype` otherwise.
    public func int64() throws(TensorError) -> NDArray<Int64> {
        guard case .int64(let array) = self else { throw .dtype(expected: .int64, found: dtype) }
        return array
    }

    /// The array if its elements are float32; throws `TensorError.dtype` otherwise.
    public func float32() throws(TensorError) -> NDArray<Float> {
        guard case .float32(let array) = self else { throw .dtype(expected: .float32, found: dtype) }
        return array
    }
}

extension Tensor: Equatable {
    /// Same type, shape and bits: NaN equals NaN of the same bits, and 0.0 is not -0.0.
    public static func == (left: Tensor, right: Tensor) -> Bool {
        guard left.dtype == right.dtype, left.shape == right.shape else { return false }
        return left.withUnsafeBytes { leftBytes in
            right.withUnsafeBytes { rightBytes in
                guard let first = leftBytes.baseAddress, let second = rightBytes.baseAddress else {
                    return true
                }
                return memcmp(first, second, leftBytes.count) == 0
            }
        }
    }
}

extension Tensor {
    /// The elements' bytes in C order, as this machine holds them (little-endian on every machine we run on).
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        switch self {
        case .float64(let array): try array.scalars.withUnsafeBytes(body)
        case .float32(let array): try array.scalars.withUnsafeBytes(body)
        case .float16(let array): try array.scalars.withUnsafeBytes(body)
        case .bfloat16(let array): try array.scalars.withUnsafeBytes(body)
        case .int64(let array): try array.scalars.withUnsafeBytes(body)
        case .int32(let array): try array.scalars.withUnsafeBytes(body)
        case .uint8(let array): try array.scalars.withUnsafeBytes(body)
        case .bool(let array): try array.scalars.withUnsafeBytes(body)
        }
    }
}
