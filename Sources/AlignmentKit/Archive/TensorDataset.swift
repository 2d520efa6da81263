internal import AlignmentTensors
internal import CHDF5

/// A tensor on its way into an archive.
struct TensorDataset {
    /// Tensors up to here are stored as they are: the bookkeeping of chunks would outweigh what gzip saves.
    static let contiguousBytes = 4096
    /// About what one chunk holds before compression.
    static let chunkBytes = 1 << 20

    let tensor: Tensor
    let location: Location
    let limits: ArchiveLimits

    init(_ tensor: Tensor, at location: Location, limits: ArchiveLimits) throws(ArchiveError) {
        try location.limit(tensor.shape.rank, to: limits.rank, .rank)
        try location.limit(
            tensor.shape.elementCount * tensor.dtype.byteCount, to: limits.tensorBytes, .tensorBytes)
        self.tensor = tensor
        self.location = location
        self.limits = limits
    }

    /// Writes elements and attributes under a free name.
    func write(
        in group: borrowing Handle, name: String, sha256: String, labels: TensorLabels
    ) throws(ArchiveError) {
        let type = try tensor.dtype.storedType(at: location)
        let dataset = try Creation.dataset(
            in: group, name: name, type: type, space: try space(), chunk: chunk, at: location)
        if tensor.shape.elementCount > 0 {
            let status = tensor.withUnsafeBytes { bytes in
                H5Dwrite(
                    dataset.id, type.id, chdf5_whole_space(), chdf5_whole_space(), chdf5_default(),
                    bytes.baseAddress)
            }
            try location.check(status, "written")
        }
        let attributes = StoredAttributes(object: dataset, location: location, limits: limits)
        try attributes.write("dtype", tensor.dtype.rawValue)
        try attributes.write("sha256", sha256)
        try attributes.write(labels)
    }

    private func space() throws(ArchiveError) -> Handle {
        let extents = tensor.shape.extents.map { hsize_t($0) }
        let id =
            extents.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(extents.count), extents, nil)
        return try location.own(id, "written")
    }

    /// The extents of one chunk; nil for a tensor that is stored as it is.
    ///
    /// The outermost axes are halved until a chunk fits, so that a chunk is one run of the tensor's bytes.
    private var chunk: [hsize_t]? {
        let byteCount = tensor.dtype.byteCount
        guard tensor.shape.elementCount * byteCount > Self.contiguousBytes else { return nil }
        var extents = tensor.shape.extents
        for axis in extents.indices {
            while extents[axis] > 1, extents.reduce(byteCount, *) > Self.chunkBytes {
                extents[axis] = (extents[axis] + 1) / 2
            }
        }
        return extents.map { hsize_t($0) }
    }
}
