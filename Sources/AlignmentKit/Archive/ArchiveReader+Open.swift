internal import AlignmentFiles
internal import CHDF5

extension ArchiveReader {
    /// The size of a file that can be read and holds something.
    static func byteCount(of file: String, limits: ArchiveLimits) throws(ArchiveError) -> Int {
        let byteCount: Int
        do { byteCount = try FileSystem.byteCount(ofReadable: file) } catch {
            throw ArchiveError(file: file, error, operation: "opened")
        }
        guard byteCount > 0 else { throw ArchiveError(file: file, .emptyFile) }
        try Location(file: file, path: nil).limit(byteCount, to: limits.fileBytes, .fileBytes)
        return byteCount
    }

    /// Opens a file as HDF5.
    static func open(_ file: String) throws(ArchiveError) -> Handle {
        let location = Location(file: file, path: nil)
        guard H5Fis_hdf5(file) > 0 else {
            _ = Library.errorStack()
            throw location.error(.notHDF5)
        }
        let access = try fileAccess(at: location, locks: true)
        // A stretch that crosses chunks unpacks each of them once.
        try location.check(H5Pset_cache(access.id, 0, 521, 16 << 20, 1), "opened")
        guard let handle = Handle(owning: H5Fopen(file, chdf5_read_only(), access.id)) else {
            let frames = Library.errorStack()
            let sizes = frames.lazy.compactMap(\.statedSizes).first
            throw location.error(
                sizes.map { .truncated(found: $0.found, expected: $0.expected) }
                    ?? .library(operation: "opened", frames: frames))
        }
        let creation = try location.own(H5Fget_create_plist(handle.id), "opened")
        var userBlock: hsize_t = 0
        try location.check(H5Pget_userblock(creation.id, &userBlock), "opened")
        guard userBlock == 0 else {
            throw location.error(.refused(.userBlock(bytes: Int(clamping: userBlock))))
        }
        return handle
    }

    /// How files are opened: by the plain driver whatever HDF5_DRIVER says.
    ///
    /// - Parameter locks: whether a file that somebody writes is left alone, where the file system knows locks.
    ///   Our writers need none: they write under a name that is theirs. A lock would outlive them in any child
    ///   process that was started meanwhile.
    static func fileAccess(at location: Location, locks: Bool) throws(ArchiveError) -> Handle {
        let access = try location.own(H5Pcreate(chdf5_class_file_access()), "opened")
        try location.check(H5Pset_fapl_sec2(access.id), "opened")
        try location.check(H5Pset_file_locking(access.id, locks, true), "opened")
        try location.check(H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG), "opened")
        // Since 1.8 object headers carry checksums, so damage to them is found.
        try location.check(H5Pset_libver_bounds(access.id, H5F_LIBVER_V18, H5F_LIBVER_V110), "opened")
        return access
    }

    /// What the root says, once it says that this is an archive of a version that we read.
    static func header(
        of file: borrowing Handle, _ location: Location, _ limits: ArchiveLimits
    ) throws(ArchiveError) -> ArchiveHeader {
        let root = try location.own(H5Gopen2(file.id, "/", chdf5_default()), "opened")
        let attributes = StoredAttributes(object: root, location: location, limits: limits)
        try attributes.checkCount()
        let format = try attributes.text("format")
        guard format == ArchiveHeader.format else { throw location.error(.notAnArchive(found: format)) }
        guard let version = try attributes.integer("format_version") else {
            throw location.error(.missingAttribute("format_version"))
        }
        guard version >= 1 else { throw attributes.malformed("format_version", "1 or more", "\(version)") }
        guard version <= ArchiveHeader.supportedVersion else {
            throw location.error(
                .unsupportedVersion(found: version, supported: ArchiveHeader.supportedVersion))
        }
        return ArchiveHeader(
            version: version, id: try attributes.text("id"), createdAt: try attributes.text("created_at"),
            createdBy: try attributes.text("created_by"))
    }
}
