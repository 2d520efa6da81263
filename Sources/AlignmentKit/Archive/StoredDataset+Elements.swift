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

extension StoredDataset {
    /// Reads the elements at these flat offsets.
    func read(
        _ elements: Range<Int>, of dtype: DType, shape: Shape, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) {
        let memory = try dtype.storedType(at: location)
        var filled = 0
        for box in Hyperslab.boxes(of: elements, in: shape.extents) {
            let count = box.counts.reduce(1, *)
            let target = try location.own(H5Screate_simple(1, [hsize_t(count)], nil), "read")
            if !box.counts.isEmpty {
                let starts = box.starts.map { hsize_t($0) }
                let counts = box.counts.map { hsize_t($0) }
                try location.check(
                    H5Sselect_hyperslab(space.id, H5S_SELECT_SET, starts, nil, counts, nil), "read")
            }
            let start = buffer.baseAddress?.advanced(by: filled * dtype.byteCount)
            try location.check(
                H5Dread(dataset.id, memory.id, target.id, space.id, chdf5_default(), start), "read")
            filled += count
        }
    }
}

/// A box of elements, whose flat offsets follow each other.
struct Hyperslab: Equatable {
    var starts: [Int]
    var counts: [Int]

    /// The boxes, in order, that a stretch of flat offsets is made of: at most two for each axis, less one.
    static func boxes(of elements: Range<Int>, in extents: [Int]) -> [Hyperslab] {
        guard !elements.isEmpty else { return [] }
        guard !extents.isEmpty else { return [Hyperslab(starts: [], counts: [])] }
        let inner = Array(extents.dropFirst())
        let size = inner.reduce(1, *)
        let (first, last) = (elements.lowerBound / size, (elements.upperBound - 1) / size)
        func part(_ index: Int) -> [Hyperslab] {
            let range = elements.clamped(to: index * size..<(index + 1) * size)
            let local = range.lowerBound - index * size..<range.upperBound - index * size
            return boxes(of: local, in: inner).map {
                Hyperslab(starts: [index] + $0.starts, counts: [1] + $0.counts)
            }
        }
        let whole = (first: (elements.lowerBound + size - 1) / size, end: elements.upperBound / size)
        guard whole.first < whole.end else {
            return first == last ? part(first) : part(first) + part(last)
        }
        var found: [Hyperslab] = []
        if first < whole.first { found += part(first) }
        found.append(
            Hyperslab(
                starts: [whole.first] + inner.map { _ in 0 }, counts: [whole.end - whole.first] + inner))
        if last >= whole.end { found += part(last) }
        return found
    }
}
