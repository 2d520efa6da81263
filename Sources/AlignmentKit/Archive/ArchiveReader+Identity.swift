internal import CHDF5

extension ArchiveReader {
    /// The address of the object at a path, by which two names of one object are known; nil if it cannot be
    /// opened.
    func address(of path: String) -> UInt64? {
        let location = Location(file: file, path: path)
        return Library.locked {
            guard let object = try? open(path, location) else { return nil }
            var address: UInt64 = 0
            guard chdf5_object_address(object.id, &address) >= 0 else { return nil }
            return address
        }
    }

    /// The names of an object's attributes, by their bytes.
    func attributeNames(at path: String) throws(ArchiveError) -> [String] {
        let location = Location(file: file, path: path)
        return try Library.locked { () throws(ArchiveError) in
            try StoredAttributes.names(of: try open(path, location), at: location, limits: limits)
        }
    }
}

extension StoredAttributes {
    /// Attributes that the format gives tensors.
    static let ofTensors: Set = ["dtype", "sha256", "axes", "sample_rate", "subtype", "file"]
    /// More than any archive has on one object.
    static let most = 1000

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
        guard names.count < StoredAttributes.most else {
            failure = .overLimit(.attributes, found: "more", allowed: "\(StoredAttributes.most)")
            return 1
        }
        names.append(text)
        return 0
    }
}
