public import AlignmentTensors
internal import CHDF5

/// The elements of one stored tensor, read stretch by stretch, so that a tensor may be larger than memory.
///
/// The hash is taken along while the stretches come in order, and checked when the last element was read. A
/// stretch that was read before may be read again. One thread at a time may use a stream; several streams may
/// be read at once.
public final class TensorStream {
    /// What the archive says about the tensor; its type and shape are never nil.
    public let attributes: TensorAttributes
    /// The element type.
    public let dtype: DType
    /// The extents.
    public let shape: Shape
    /// Keeps the file open.
    private let reader: ArchiveReader
    private let dataset: StoredDataset
    private let stored: ContiguousElements?
    private let location: Location
    /// Nil where no hash is asked for.
    private var hash: ElementHash?
    private var hashedCount = 0

    init(
        of reader: ArchiveReader, _ dataset: consuming StoredDataset, _ attributes: TensorAttributes,
        dtype: DType, shape: Shape,
        stored: ContiguousElements?
    ) throws(ArchiveError) {
        self.reader = reader
        location = dataset.location
        self.dataset = dataset
        (self.attributes, self.dtype, self.shape, self.stored) = (attributes, dtype, shape, stored)
        hash = reader.verifiesHashes ? ElementHash() : nil
        if shape.elementCount == 0 { try checkHash() }
    }

    /// Reads the elements at these flat offsets into `buffer`, which must have room for exactly them.
    ///
    /// - Throws: `ArchiveError`, with the last elements also for a hash that does not match (`.hashMismatch`).
    public func read(
        _ elements: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) {
        precondition(buffer.count == elements.count * dtype.byteCount, "another size than the elements'")
        if let stored {
            try stored.read(elements, of: dtype, into: buffer, at: location)
        } else {
            try Library.locked { () throws(ArchiveError) in
                try dataset.read(elements, of: dtype, shape: shape, into: buffer)
            }
        }
        if dtype == .bool, let other = buffer.first(where: { $0 > 1 }) {
            throw location.error(.malformedBool(other))
        }
        guard elements.lowerBound == hashedCount, !elements.isEmpty else { return }
        hashedCount = elements.upperBound
        hash?.update(UnsafeRawBufferPointer(buffer))
        if hashedCount == shape.elementCount { try checkHash() }
    }

    /// Reads every element and keeps none.
    func readThrough() throws(ArchiveError) {
        let most = min(shape.elementCount, 1 << 20)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: most * dtype.byteCount, alignment: 64)
        defer { buffer.deallocate() }
        var start = 0
        while start < shape.elementCount {
            let elements = start..<min(start + most, shape.elementCount)
            try read(
                elements,
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(elements.count * dtype.byteCount)]))
            start = elements.upperBound
        }
    }

    private func checkHash() throws(ArchiveError) {
        guard let found = hash?.text, found != attributes.sha256 else { return }
        throw location.error(.hashMismatch(recorded: attributes.sha256, found: found))
    }
}

extension ArchiveReader {
    /// The tensor at a path, to be read stretch by stretch; nil for a stored `None`.
    ///
    /// Its hash is checked with its last element unless `verifiesHashes` is off.
    public func stream(at path: String) throws(ArchiveError) -> TensorStream? {
        let location = Location(file: file, path: path)
        return try Library.locked { () throws(ArchiveError) in
            let dataset = try tensorDataset(path, location)
            let attributes = try attributes(of: dataset, location)
            guard let dtype = attributes.dtype, let shape = attributes.shape else {
                if verifiesHashes, attributes.sha256 != Tensor.sha256OfNone {
                    throw location.error(
                        .hashMismatch(recorded: attributes.sha256, found: Tensor.sha256OfNone))
                }
                return nil
            }
            let byteCount = shape.elementCount * dtype.byteCount
            let stored = ContiguousElements(
                of: dataset, byteCount: byteCount, file: handle, fileBytes: fileBytes)
            return try TensorStream(
                of: self, dataset, attributes, dtype: dtype, shape: shape, stored: stored)
        }
    }
}
