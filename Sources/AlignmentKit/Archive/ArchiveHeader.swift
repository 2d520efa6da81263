/// What an archive's root says about the archive itself.
public struct ArchiveHeader: Sendable, Hashable {
    /// The value of the root attribute `format` in every archive.
    public static let format = "higgs-alignment-archive"
    /// The newest `format_version` that this library reads, and the one that it writes.
    public static let supportedVersion = 1

    /// The version of the format, 1 ... `supportedVersion`.
    public let version: Int
    /// A UUID; nil in an archive that has none.
    public let id: String?
    /// When the archive was made, ISO 8601; nil in an archive that does not say.
    public let createdAt: String?
    /// Name and version of the program that made it; nil in an archive that does not say.
    public let createdBy: String?

    /// The header of an archive to be written, in the supported version.
    public init(id: String?, createdAt: String?, createdBy: String?) {
        self.init(version: Self.supportedVersion, id: id, createdAt: createdAt, createdBy: createdBy)
    }

    init(version: Int, id: String?, createdAt: String?, createdBy: String?) {
        self.version = version
        self.id = id
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}
