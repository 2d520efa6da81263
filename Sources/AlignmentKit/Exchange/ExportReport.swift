/// What of an archive was written as files.
public struct ExportReport: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The archive, as given.
    public var file: String
    /// The folder, as given; filled in by whoever gives it its name.
    public var folder = ""
    /// How tensors were written.
    public var style: ArchiveExport.Style
    /// Tensors written.
    public var tensors = 0
    /// Bytes of their elements.
    public var tensorBytes = 0
    /// Python `None`s, which are in the manifest.
    public var pythonNones = 0
    /// JSON documents and other texts written.
    public var texts: Int
    /// Second names of objects, which were written as values of their own.
    public var aliases: [String]
    /// Tensors that were left out, because no pattern fits them.
    public var leftOut: [String]
    /// Paths that break the format's rules; the manifest says to import them as they are.
    public var asIs: [String] = []

    init(
        file: String, style: ArchiveExport.Style, texts: Int, aliases: [String], leftOut: [String]
    ) {
        self.file = file
        self.style = style
        self.texts = texts
        self.aliases = aliases
        self.leftOut = leftOut
    }
}
