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
            var address: UInt64 = 0
            let isKnown = chdf5_object_address(object.id, &address) >= 0
            if !isKnown { _ = Library.errorStack() }
            return StoredObject(
                kind: try kind(of: object, location), address: isKnown ? address : nil,
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

extension StoredAttributes {
    /// Attributes that the format gives tensors.
    static let ofTensors: Set = ["dtype", "sha256", "axes", "sample_rate", "subtype", "file"]

    static func names(
        of object: borrowing Handle, at location: Location, limits: ArchiveLimits
    ) throws(ArchiveError) -> [String] {
        let collector = AttributeNames(limits: limits)
        var position: hsize_t = 0
        let status = H5Aiterate2(
            object.id, H5_INDEX_NAME, H5_ITER_NATIVE, &position,
            { _, name, _, context in
                guard let name, let context else { return -1 }
                return Unmanaged<AttributeNames>.fromOpaque(context).takeUnretainedValue().add(name)
            }, Unmanaged.passUnretained(collector).toOpaque())
        if let reason = collector.failure {
            _ = Library.errorStack()
            throw location.error(reason)
        }
        try location.check(status, "read")
        return collector.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

private final class AttributeNames {
    let limits: ArchiveLimits
    var names: [String] = []
    var failure: ArchiveError.Reason?

    init(limits: ArchiveLimits) { self.limits = limits }

    /// Takes one name; not 0 to stop.
    func add(_ name: UnsafePointer<CChar>) -> herr_t {
        guard let text = String(validatingCString: name) else {
            failure = .malformedName("the name of an attribute is not UTF-8")
            return 1
        }
        guard text.utf8.count <= limits.nameBytes else {
            failure = .overLimit(.nameBytes, found: "\(text.utf8.count)", allowed: "\(limits.nameBytes)")
            return 1
        }
        guard names.count < limits.attributes else {
            failure = .overLimit(.attributes, found: "more", allowed: "\(limits.attributes)")
            return 1
        }
        names.append(text)
        return 0
    }
}
