import AlignmentArchive

/// What a check of every object of an archive found.
public struct Verification: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The archive's path, as given.
    public var path: String
    /// Nothing is wrong; what is merely strange does not count.
    public var isSound: Bool
    /// Tensors whose hashes agree.
    public var tensors: Int
    /// Stored Python `None`s.
    public var pythonNones: Int
    /// JSON documents that were parsed.
    public var jsonDocuments: Int
    /// Other texts.
    public var texts: Int
    /// Bytes of all tensors' elements.
    public var tensorBytes: Int
    /// What is wrong or strange, in the order of the walk.
    public var findings: [Finding]

    /// Something wrong or strange about one object.
    public struct Finding: Sendable, Codable {
        /// The object's path inside the archive.
        public var object: String
        /// The archive is damaged or outside the format there, rather than unusual.
        public var isError: Bool
        /// One sentence.
        public var message: String
    }

    /// Reads everything in an archive and checks it.
    ///
    /// - Throws: `ArchiveError` if the file cannot be opened as an archive.
    public init(file: String) throws {
        let verification = try ArchiveReader.verify(file: file)
        path = file
        isSound = verification.isSound
        tensors = verification.tensors
        pythonNones = verification.pythonNones
        jsonDocuments = verification.jsonDocuments
        texts = verification.texts
        tensorBytes = verification.tensorBytes
        findings = verification.findings.map {
            Finding(object: $0.path, isError: $0.isError, message: $0.description)
        }
    }

    /// The findings for people.
    public var document: Document {
        var document = Document()
        let errors = findings.count(where: \.isError)
        let verdict = isSound ? "sound" : "damaged, \(errors) \(errors == 1 ? "error" : "errors")"
        document.paragraph(
            "\(path): \(verdict); \(tensors) tensors of \(tensorBytes) bytes with the recorded hashes, "
                + "\(pythonNones) Nones, \(jsonDocuments) JSON documents, \(texts) other texts.")
        document.list(findings.map { ($0.isError ? "error: " : "note: ") + $0.message })
        return document
    }
}
