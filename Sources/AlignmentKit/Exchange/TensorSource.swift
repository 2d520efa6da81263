internal import AlignmentFiles
import AlignmentTensors

/// Elements that stand in a file and have been checked against its size, not yet read.
struct TensorSource: Sendable, Equatable {
    /// The file, by the path as given.
    let file: String
    /// The tensor's name in a `.safetensors` file; nil in others.
    let key: String?
    /// The elements' type.
    var type: ElementType
    /// The extents.
    let shape: Shape
    /// Where the elements begin.
    let offset: Int

    /// An error about these elements.
    func failure(_ problem: String, _ remedy: String) -> ExchangeError {
        ExchangeError(file: file, place: key.map { "\"\($0)\"" }, problem: problem, remedy: remedy)
    }

    /// Reads the elements, as they are or widened without loss.
    ///
    /// Takes the memory of the result and one block: what is widened is read block by block.
    func read(as dtype: DType) throws(ExchangeError) -> Tensor {
        let input: InputFile
        do { input = try InputFile(file) } catch { throw ExchangeError(file: file, error, operation: "read") }
        switch (dtype, type) {
        case (.float64, .float64): return .float64(try plain(input))
        case (.float32, .float32): return .float32(try plain(input))
        case (.float32, .float16):
            return .float32(try widened(input) { (value: Float16) in Float(value) })
        case (.float32, .bfloat16):
            return .float32(try widened(input) { (value: BFloat16) in value.float })
        case (.float16, .float16): return .float16(try plain(input))
        case (.bfloat16, .bfloat16): return .bfloat16(try plain(input))
        case (.int64, .int64): return .int64(try plain(input))
        case (.int64, .int32): return .int64(try widened(input) { (value: Int32) in Int64(value) })
        case (.int64, .int16): return .int64(try widened(input) { (value: Int16) in Int64(value) })
        case (.int64, .int8): return .int64(try widened(input) { (value: Int8) in Int64(value) })
        case (.int64, .uint64): return .int64(try widened(input) { (value: UInt64) in Int64(exactly: value) })
        case (.int64, .uint32): return .int64(try widened(input) { (value: UInt32) in Int64(value) })
        case (.int64, .uint16): return .int64(try widened(input) { (value: UInt16) in Int64(value) })
        case (.int64, .uint8): return .int64(try widened(input) { (value: UInt8) in Int64(value) })
        case (.int32, .int32): return .int32(try plain(input))
        case (.uint8, .uint8): return .uint8(try plain(input))
        case (.bool, .bool):
            return .bool(try widened(input) { (value: UInt8) in value < 2 ? value == 1 : nil })
        default:
            throw failure(
                "has elements of type \(type.rawValue), expected \(dtype.rawValue)", "convert them yourself")
        }
    }

    /// The elements as the file's bytes hold them.
    private func plain<Scalar: BitwiseCopyable & Sendable>(
        _ input: InputFile
    ) throws(ExchangeError) -> NDArray<Scalar> {
        try array { (buffer: UnsafeMutableBufferPointer<Scalar>) throws(ExchangeError) in
            try fill(UnsafeMutableRawBufferPointer(buffer), from: input, at: offset)
        }
    }

    /// The elements one by one as another type; nil for a value that the type does not hold.
    private func widened<From: BitwiseCopyable & Sendable, To: BitwiseCopyable & Sendable>(
        _ input: InputFile, _ transform: (From) -> To?
    ) throws(ExchangeError) -> NDArray<To> {
        let block = 1 << 18
        return try array { (buffer: UnsafeMutableBufferPointer<To>) throws(ExchangeError) in
            let scratch = UnsafeMutableBufferPointer<From>.allocate(
                capacity: min(block, max(buffer.count, 1)))
            defer { scratch.deallocate() }
            for start in stride(from: 0, to: buffer.count, by: block) {
                let part = UnsafeMutableBufferPointer(rebasing: scratch[..<min(block, buffer.count - start)])
                try fill(
                    UnsafeMutableRawBufferPointer(part), from: input,
                    at: offset + start * MemoryLayout<From>.stride)
                for index in part.indices {
                    guard let value = transform(part[index]) else {
                        throw failure(
                            "holds the \(type.rawValue) \(part[index]) at \(shape.index(ofFlat: start + index)), "
                                + "which \(type == .bool ? "is neither 0 nor 1" : "int64 cannot hold")",
                            "write the file again")
                    }
                    buffer.initializeElement(at: start + index, to: value)
                }
            }
        }
    }

    private func array<Scalar: BitwiseCopyable & Sendable>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws(ExchangeError) -> Void
    ) throws(ExchangeError) -> NDArray<Scalar> {
        var result: Result<Void, ExchangeError> = .success(())
        let scalars = [Scalar](unsafeUninitializedCapacity: shape.elementCount) { buffer, initialized in
            let part = UnsafeMutableBufferPointer(rebasing: buffer[..<shape.elementCount])
            result = Result { () throws(ExchangeError) in try body(part) }
            initialized = (try? result.get()) == nil ? 0 : shape.elementCount
        }
        try result.get()
        do { return try NDArray(shape: shape, scalars: scalars) } catch {
            throw failure("\(error)", "write the file again")
        }
    }

    private func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from input: InputFile, at offset: Int
    ) throws(ExchangeError) {
        let isWhole: Bool
        do { isWhole = try input.read(into: buffer, at: offset) } catch {
            throw ExchangeError(file: file, error, operation: "read")
        }
        guard isWhole else {
            throw failure(
                "has become shorter while it was read", "wait until the program that writes it has ended")
        }
    }
}

extension Tensor {
    /// How many elements are NaN.
    var nanCount: Int {
        switch self {
        case .float64(let array): array.scalars.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
        case .float32(let array): array.scalars.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
        case .float16(let array): array.scalars.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
        case .bfloat16(let array): array.scalars.reduce(0) { $0 + ($1.float.isNaN ? 1 : 0) }
        case .int64, .int32, .uint8, .bool: 0
        }
    }
}
