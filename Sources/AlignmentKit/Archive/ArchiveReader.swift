internal import CHDF5

/// An archive that is open for reading.
///
/// Paths are written `/a/b` or `a/b` and compared by bytes. Every method can throw `ArchiveError`, may be
/// called from any thread, and reads only what it is asked for: nothing is held in memory between calls.
public final class ArchiveReader: Sendable {
    /// The file, as it was given.
    public let file: String
    /// What the root says about the archive.
    public let header: ArchiveHeader
    /// What the archive may ask of us.
    public let limits: ArchiveLimits
    /// Whether the hash of each tensor is checked when it is read.
    public let verifiesHashes: Bool
    let handle: Handle
    let fileBytes: Int

    /// Opens an archive.
    ///
    /// - Throws: `ArchiveError`, also for a file that is no archive (`.notHDF5`, `.notAnArchive`) and for
    ///   one in a newer version of the format (`.unsupportedVersion`).
    public init(
        file: String, limits: ArchiveLimits = .standard, verifiesHashes: Bool = true
    ) throws(ArchiveError) {
        let fileBytes = try Self.byteCount(of: file, limits: limits)
        let handle = try Library.locked { () throws(ArchiveError) in try Self.open(file) }
        let header = try Library.locked { () throws(ArchiveError) in
            try Self.header(of: handle, Location(file: file, path: nil), limits)
        }
        self.file = file
        self.limits = limits
        self.verifiesHashes = verifiesHashes
        self.fileBytes = fileBytes
        self.handle = handle
        self.header = header
    }

    /// The names in a group: decimal numbers first and by value, then the others by their bytes.
    public func children(of path: String) throws(ArchiveError) -> [String] {
        let location = Location(file: file, path: path)
        return try Library.locked { () throws(ArchiveError) in
            let object = try open(path, location)
            let found = try kind(of: object, location)
            guard found == .group else { throw location.error(.wrongKind(expected: .group, found: found)) }
            return try LinkList.names(of: object, at: location, limits: limits)
        }
    }

    /// What stands at a path.
    public func kind(of path: String) throws(ArchiveError) -> ObjectKind {
        let location = Location(file: file, path: path)
        return try Library.locked { () throws(ArchiveError) in
            let path = try ObjectPath(path, in: file, limits: limits)
            guard let object = try walk(to: path, location) else { return .missing }
            return try kind(of: object, location)
        }
    }

    /// Whether anything stands at a path.
    public func contains(_ path: String) throws(ArchiveError) -> Bool {
        try kind(of: path) != .missing
    }

    /// Opens what must stand at a path.
    func open(_ path: String, _ location: Location) throws(ArchiveError) -> Handle {
        let path = try ObjectPath(path, in: file, limits: limits)
        guard let object = try walk(to: path, location) else { throw location.error(.missing) }
        return object
    }

    func kind(of object: borrowing Handle, _ location: Location) throws(ArchiveError) -> ObjectKind {
        switch H5Iget_type(object.id) {
        case H5I_GROUP: return .group
        case H5I_DATASET: return try dataset(object, location).kind()
        case H5I_DATATYPE: throw location.error(.refused(.committedType))
        default: throw location.libraryError("opened")
        }
    }

    /// The dataset behind an open object, whatever it holds; throws if it is a group.
    func dataset(_ object: borrowing Handle, _ location: Location) throws(ArchiveError) -> StoredDataset {
        switch H5Iget_type(object.id) {
        case H5I_DATASET: break
        case H5I_GROUP: throw location.error(.wrongKind(expected: .tensor, found: .group))
        default: throw location.error(.refused(.committedType))
        }
        H5Iinc_ref(object.id)
        let handle = try location.own(object.id, "opened")
        return try StoredDataset(handle, at: location, limits: limits)
    }
}
