/// What an archive may ask of us, checked before anything is allocated for it.
public struct ArchiveLimits: Sendable, Hashable {
    /// Bytes of the file.
    public var fileBytes: Int
    /// Bytes of one tensor's elements.
    public var tensorBytes: Int
    /// Axes of one tensor.
    public var rank: Int
    /// Objects in one archive, and names in one group.
    public var objects: Int
    /// Groups within groups.
    public var depth: Int
    /// Bytes of one JSON text.
    public var jsonBytes: Int
    /// Arrays and objects within each other in one JSON text.
    public var jsonDepth: Int
    /// Values in one JSON text.
    public var jsonValues: Int
    /// Attributes of one object.
    public var attributes: Int
    /// Bytes of one attribute.
    public var attributeBytes: Int
    /// Bytes of one name.
    public var nameBytes: Int
    /// Bytes that a tensor declares for each byte that is stored; gzip alone reaches about 1,030.
    public var decompressionRatio: Int
    /// Bytes of one chunk, which the library holds in memory, once more for each filter.
    public var chunkBytes: Int
    /// Chunks of one tensor: the library keeps a record of each.
    public var chunks: Int

    /// Limits of your own; what is left out has the standard value.
    public init(
        fileBytes: Int = 256 << 30, tensorBytes: Int = 4 << 30, rank: Int = 8, objects: Int = 1_000_000,
        depth: Int = 32, jsonBytes: Int = 64 << 20, jsonDepth: Int = 64, jsonValues: Int = 1_000_000,
        attributes: Int = 256, attributeBytes: Int = 64 << 10, nameBytes: Int = 1024,
        decompressionRatio: Int = 1100, chunkBytes: Int = 256 << 20, chunks: Int = 1 << 18
    ) {
        self.fileBytes = fileBytes
        self.tensorBytes = tensorBytes
        self.rank = rank
        self.objects = objects
        self.depth = depth
        self.jsonBytes = jsonBytes
        self.jsonDepth = jsonDepth
        self.jsonValues = jsonValues
        self.attributes = attributes
        self.attributeBytes = attributeBytes
        self.nameBytes = nameBytes
        self.decompressionRatio = decompressionRatio
        self.chunkBytes = chunkBytes
        self.chunks = chunks
    }

    /// Room for every archive that this project writes: 4 GiB a tensor, 64 MiB a JSON text.
    public static let standard = ArchiveLimits()
}
