internal import AlignmentTensors
internal import CHDF5

/// An open dataset that uses nothing which archives do not use.
struct StoredDataset: ~Copyable {
    let dataset: Handle
    let type: Handle
    let space: Handle
    let location: Location
    /// Whether the elements stand in the file in one piece and as they are.
    let isContiguous: Bool
    /// How many chunks the elements take; 1 if they are not in chunks.
    let chunks: Int
    /// The extents; nil for a null dataspace, none for a scalar.
    let extents: [hsize_t]?

    /// Looks at an open dataset and refuses, before it asks for its extents or elements, what reaches out of
    /// the file or runs other filters.
    init(_ dataset: consuming Handle, at location: Location, limits: ArchiveLimits) throws(ArchiveError) {
        let creation = try location.own(H5Dget_create_plist(dataset.id), "read")
        let layout = H5Pget_layout(creation.id)
        guard layout != H5D_VIRTUAL else { throw location.error(.refused(.virtualDataset)) }
        guard try location.check(H5Pget_external_count(creation.id), "read") == 0 else {
            throw location.error(.refused(.externalStorage))
        }
        try Self.checkFilters(of: creation, at: location)
        let type = try location.own(H5Dget_type(dataset.id), "read")
        let space = try location.own(H5Dget_space(dataset.id), "read")
        let extents = try Self.extents(of: space, at: location, limits: limits)
        // A stored None may have any type, as in `h5py.Empty("f4")`; nothing of that type is read.
        if extents != nil { try StoredType.checkClass(of: type, at: location) }
        chunks =
            layout == H5D_CHUNKED
            ? try Self.chunkCount(of: creation, type: type, in: extents ?? [], at: location, limits: limits)
            : 1
        isContiguous = layout == H5D_CONTIGUOUS
        self.type = type
        self.space = space
        self.extents = extents
        self.location = location
        self.dataset = dataset
    }

    /// What the format calls this dataset.
    func kind() throws(ArchiveError) -> ObjectKind {
        guard let extents else { return .pythonNone }
        guard H5Tget_class(type.id) == H5T_STRING else { return .tensor }
        guard extents.isEmpty else { throw location.error(.refused(.dataspace("an array of texts"))) }
        return .json
    }

    /// Bytes that the elements take in the file, as it says.
    var storedBytes: Int { Int(clamping: H5Dget_storage_size(dataset.id)) }

    /// The extents as a shape that was checked against the limits and against what the file stores.
    func shape(of dtype: DType, limits: ArchiveLimits, fileBytes: Int) throws(ArchiveError) -> Shape {
        let extents = (extents ?? []).map { Int(clamping: $0) }
        let shape: Shape
        do { shape = try Shape(extents) } catch {
            throw location.error(
                .overLimit(.tensorBytes, found: "\(extents)", allowed: "\(limits.tensorBytes)"))
        }
        let (declared, overflow) = shape.elementCount.multipliedReportingOverflow(by: dtype.byteCount)
        try location.limit(overflow ? .max : declared, to: limits.tensorBytes, .tensorBytes)
        // The library keeps a record of each, however few of them are stored.
        try location.limit(chunks, to: limits.chunks, .chunks)
        let stored = min(storedBytes, fileBytes)
        let (allowed, isUnbounded) = stored.multipliedReportingOverflow(by: limits.decompressionRatio)
        guard isUnbounded || declared <= allowed else {
            throw location.error(
                .overLimit(
                    .decompressionRatio, found: stored == 0 ? "\(declared)" : "\(declared / stored)",
                    allowed: "\(limits.decompressionRatio)"))
        }
        return shape
    }

    private static func extents(
        of space: borrowing Handle, at location: Location, limits: ArchiveLimits
    ) throws(ArchiveError) -> [hsize_t]? {
        switch H5Sget_simple_extent_type(space.id) {
        case H5S_NULL: return nil
        case H5S_SCALAR: return []
        case H5S_SIMPLE:
            let rank = try location.check(H5Sget_simple_extent_ndims(space.id), "read")
            try location.limit(Int(rank), to: limits.rank, .rank)
            var extents = [hsize_t](repeating: 0, count: Int(rank))
            try location.check(H5Sget_simple_extent_dims(space.id, &extents, nil), "read")
            return extents
        default: throw location.libraryError("read")
        }
    }

    /// How many chunks the extents take; throws for a chunk that is too large, as the library allocates a whole
    /// one, however little of it the tensor fills.
    private static func chunkCount(
        of creation: borrowing Handle, type: borrowing Handle, in extents: [hsize_t], at location: Location,
        limits: ArchiveLimits
    ) throws(ArchiveError) -> Int {
        var chunk = [hsize_t](repeating: 0, count: 32)
        let rank = try location.check(H5Pget_chunk(creation.id, 32, &chunk), "read")
        func product(_ first: Int, _ factors: [Int]) -> Int {
            factors.reduce(first) { result, factor in
                let (product, overflow) = result.multipliedReportingOverflow(by: factor)
                return overflow ? .max : product
            }
        }
        let sides = chunk.prefix(Int(rank)).map { Int(clamping: $0) }
        try location.limit(
            product(Int(clamping: H5Tget_size(type.id)), sides),
            to: min(limits.tensorBytes, limits.chunkBytes), .chunkBytes)
        let counts = zip(extents, sides).map { extent, side in
            side == 0 ? 0 : (Int(clamping: extent) - 1) / side + 1
        }
        return extents.contains(0) ? 0 : product(1, counts)
    }

    private static func checkFilters(
        of creation: borrowing Handle, at location: Location
    ) throws(ArchiveError) {
        let count = try location.check(H5Pget_nfilters(creation.id), "read")
        var seen: Set<H5Z_filter_t> = []
        for index in 0..<UInt32(count) {
            var name = [CChar](repeating: 0, count: 64)
            let filter = chdf5_filter(creation.id, index, &name, name.count)
            try location.check(filter, "read")
            guard [H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE].contains(filter) else {
                throw location.error(.refused(.filter(filterName(filter, name))))
            }
            // gzip over gzip would multiply the ratio that one of them can reach.
            guard seen.insert(filter).inserted else {
                throw location.error(.refused(.filter("\(filterName(filter, name)) twice")))
            }
        }
    }

    private static func filterName(_ filter: H5Z_filter_t, _ name: [CChar]) -> String {
        let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.isEmpty ? "number \(filter)" : text
    }
}
