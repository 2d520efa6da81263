internal import AlignmentFiles
internal import AlignmentTensors
internal import CHDF5

/// Elements that stand in the file one after the other as they stand in memory: they are read around the
/// library, by several threads at once and without its buffers.
struct ContiguousElements {
    private let descriptor: Int32
    private let offset: Int

    /// Nil if the elements are stored otherwise: in chunks, in the other byte order, or beyond the file's end.
    init?(of dataset: borrowing StoredDataset, byteCount: Int, file: borrowing Handle, fileBytes: Int) {
        guard dataset.isContiguous, byteCount > 0,
            H5Dget_storage_size(dataset.dataset.id) == hsize_t(byteCount),
            H5Tget_order(dataset.type.id) != H5T_ORDER_BE
        else {
            return nil
        }
        let address = H5Dget_offset(dataset.dataset.id)
        guard let offset = Int(exactly: address), offset <= fileBytes - byteCount else { return nil }
        var descriptor: UnsafeMutableRawPointer?
        guard H5Fget_vfd_handle(file.id, chdf5_default(), &descriptor) >= 0, let descriptor else {
            return nil
        }
        self.descriptor = descriptor.load(as: Int32.self)
        self.offset = offset
    }

    func read(
        _ elements: Range<Int>, of dtype: DType, into buffer: UnsafeMutableRawBufferPointer,
        at location: Location
    ) throws(ArchiveError) {
        do {
            try FileSystem.read(
                descriptor, at: offset + elements.lowerBound * dtype.byteCount, into: buffer)
        } catch { throw ArchiveError(file: location.file, error, operation: "read") }
    }
}
