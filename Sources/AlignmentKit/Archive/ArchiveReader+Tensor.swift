public import AlignmentTensors
internal import CHDF5

extension ArchiveReader {
    /// The tensor at a path, or the `None` that was stored in its place; its hash is checked unless
    /// `verifiesHashes` is off.
    public func tensor(at path: String) throws(ArchiveError) -> StoredTensor {
        let location = Location(file: file, path: path)
        let (stored, recorded) = try Library.locked { () throws(ArchiveError) in
            try readTensor(path, location)
        }
        guard verifiesHashes else { return stored }
        let found = stored.tensor?.sha256 ?? Tensor.sha256OfNone
        guard found == recorded else {
            throw location.error(.hashMismatch(recorded: recorded, found: found))
        }
        return stored
    }

    /// The tensor at a path, or nil if nothing stands there.
    public func tensorIfPresent(at path: String) throws(ArchiveError) -> StoredTensor? {
        try contains(path) ? try tensor(at: path) : nil
    }

    /// The int64 tensor at a path, of any rank unless one is asked for; a `None` is an error.
    public func int64(at path: String, rank: Int? = nil) throws(ArchiveError) -> NDArray<Int64> {
        let tensor = try required(path, rank: rank)
        guard case .int64(let array) = tensor else { throw wrongDType(path, .int64, tensor) }
        return array
    }

    /// The float32 tensor at a path, of any rank unless one is asked for; a `None` is an error.
    public func float32(at path: String, rank: Int? = nil) throws(ArchiveError) -> NDArray<Float> {
        let tensor = try required(path, rank: rank)
        guard case .float32(let array) = tensor else { throw wrongDType(path, .float32, tensor) }
        return array
    }

    /// What the archive says about the tensor, or `None`, at a path, without reading its elements.
    public func attributes(at path: String) throws(ArchiveError) -> TensorAttributes {
        let location = Location(file: file, path: path)
        return try Library.locked { () throws(ArchiveError) in
            let dataset = try tensorDataset(path, location)
            return try attributes(of: dataset, location)
        }
    }

    private func required(_ path: String, rank: Int?) throws(ArchiveError) -> Tensor {
        let location = Location(file: file, path: path)
        guard case .tensor(let tensor) = try tensor(at: path) else {
            throw location.error(.wrongKind(expected: .tensor, found: .pythonNone))
        }
        if let rank, tensor.shape.rank != rank {
            throw location.error(.wrongRank(expected: rank, found: tensor.shape))
        }
        return tensor
    }

    private func wrongDType(_ path: String, _ expected: DType, _ found: Tensor) -> ArchiveError {
        ArchiveError(file: file, path: path, .wrongDType(expected: expected, found: found.dtype))
    }

    func tensorDataset(_ path: String, _ location: Location) throws(ArchiveError) -> StoredDataset {
        let dataset = try dataset(try open(path, location), location)
        let kind = try dataset.kind()
        guard kind != .json else { throw location.error(.wrongKind(expected: .tensor, found: kind)) }
        return dataset
    }

    private func readTensor(
        _ path: String, _ location: Location
    ) throws(ArchiveError) -> (StoredTensor, recorded: String) {
        let dataset = try tensorDataset(path, location)
        let attributes = try attributes(of: dataset, location)
        guard let dtype = attributes.dtype, let shape = attributes.shape else {
            return (.pythonNone, attributes.sha256)
        }
        return (.tensor(try dataset.elements(dtype, shape)), attributes.sha256)
    }

    func attributes(
        of dataset: borrowing StoredDataset, _ location: Location
    ) throws(ArchiveError) -> TensorAttributes {
        H5Iinc_ref(dataset.dataset.id)
        let attributes = StoredAttributes(
            object: try location.own(dataset.dataset.id, "read"), location: location, limits: limits)
        try attributes.checkCount()
        let dtype = try dtype(attributes, isNone: dataset.extents == nil)
        var shape: Shape?
        if let dtype {
            guard try dtype.isStored(as: dataset.type, at: location) else {
                throw location.error(
                    .wrongStorage(
                        dtype: dtype, expected: dtype.storedName, found: StoredType.describe(dataset.type)))
            }
            shape = try dataset.shape(of: dtype, limits: limits, fileBytes: fileBytes)
        }
        return TensorAttributes(
            dtype: dtype, shape: shape, sha256: try attributes.requiredText("sha256"),
            labels: try attributes.labels(), storedBytes: dataset.storedBytes)
    }

    private func dtype(
        _ attributes: borrowing StoredAttributes, isNone: Bool
    ) throws(ArchiveError) -> DType? {
        let text = try attributes.requiredText("dtype")
        if isNone {
            guard text == "none" else {
                throw attributes.malformed("dtype", "none where nothing is stored", text)
            }
            return nil
        }
        guard let dtype = DType(rawValue: text) else {
            let known = DType.allCases.map(\.rawValue).joined(separator: ", ")
            throw attributes.malformed("dtype", "one of \(known)", text)
        }
        return dtype
    }
}
