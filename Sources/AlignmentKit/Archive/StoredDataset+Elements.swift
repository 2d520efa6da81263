internal import AlignmentTensors
internal import CHDF5

extension StoredDataset {
    /// Reads all elements; `shape` must come from `shape(of:limits:fileBytes:)`, which bounds them.
    func elements(_ dtype: DType, _ shape: Shape) throws(ArchiveError) -> Tensor {
        switch dtype {
        case .float64: .float64(try array(dtype, shape))
        case .float32: .float32(try array(dtype, shape))
        case .float16: .float16(try array(dtype, shape))
        case .bfloat16: .bfloat16(try array(dtype, shape))
        case .int64: .int64(try array(dtype, shape))
        case .int32: .int32(try array(dtype, shape))
        case .uint8: .uint8(try array(dtype, shape))
        case .bool: .bool(try bools(shape))
        }
    }

    /// Reads elements whose layout in memory is that of `dtype`; libhdf5 turns the byte order.
    private func array<Scalar: Sendable>(
        _ dtype: DType, _ shape: Shape
    ) throws(ArchiveError) -> NDArray<Scalar> {
        let memory = try dtype.storedType(at: location)
        var status: herr_t = 0
        let scalars = [Scalar](unsafeUninitializedCapacity: shape.elementCount) { buffer, initialized in
            guard shape.elementCount > 0 else { return }
            status = H5Dread(
                dataset.id, memory.id, chdf5_whole_space(), chdf5_whole_space(), chdf5_default(),
                buffer.baseAddress)
            initialized = status >= 0 ? shape.elementCount : 0
        }
        try location.check(status, "read")
        do { return try NDArray(shape: shape, scalars: scalars) } catch {
            throw location.error(.malformedText("\(error)"))
        }
    }

    private func bools(_ shape: Shape) throws(ArchiveError) -> NDArray<Bool> {
        let bytes: NDArray<UInt8> = try array(.bool, shape)
        if let other = bytes.scalars.first(where: { $0 > 1 }) { throw location.error(.malformedBool(other)) }
        return bytes.map { $0 == 1 }
    }
}
