internal import CHDF5

/// What a walk asks about every object, read in one go.
struct StoredObject: Sendable {
    let kind: ObjectKind
    /// Where it stands in the file, by which two names of one object are known; nil if that cannot be told.
    let address: UInt64?
    /// The names of its attributes, by their bytes.
    let attributeNames: Result<[String], ArchiveError>
}

extension ArchiveReader {
    /// Looks at the object at a path.
    func object(at path: String) throws(ArchiveError) -> StoredObject {
        let location = Location(file: file, path: path)
        return try Library.locked { () throws(ArchiveError) in
            let object = try open(path, location)
            return StoredObject(
                kind: try kind(of: object, location), address: object.objectAddress,
                attributeNames: attributeNames(of: object, location))
        }
    }

    private func attributeNames(
        of object: borrowing Handle, _ location: Location
    ) -> Result<[String], ArchiveError> {
        do { return .success(try StoredAttributes.names(of: object, at: location, limits: limits)) } catch {
            return .failure(error)
        }
    }
}

extension Handle {
    /// Where an open object stands in the file; nil if that cannot be told.
    var objectAddress: UInt64? {
        var address: UInt64 = 0
        guard chdf5_object_address(id, &address) >= 0 else {
            _ = Library.errorStack()
            return nil
        }
        return address
    }
}

extension StoredAttributes {
    /// Attributes that the format gives tensors.
    static let ofTensors: Set = ["dtype", "sha256", "axes", "sample_rate", "subtype", "file"]

    static func names(
        of object: borrowing Handle, at location: Location, limits: ArchiveLimits
    ) throws(ArchiveError) -> [String] {
        var position: hsize_t = 0
        let names = try NameCollector.names(of: .attributes, at: location, limits: limits) { context in
            H5Aiterate2(
                object.id, H5_INDEX_NAME, H5_ITER_NATIVE, &position,
                { _, name, _, context in NameCollector.visit(name, context) }, context)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
