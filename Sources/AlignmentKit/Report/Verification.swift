import AlignmentArchive
import AlignmentDiagnosis
import AlignmentWording

/// What a check of every object of an archive found.
public struct Verification: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The archive's path, as given.
    public var path: String
    /// Nothing is wrong; what is merely strange does not count.
    public var isSound: Bool
    /// Groups, the root not counted.
    public var groups: Int
    /// Tensors whose hashes agree.
    public var tensors: Int
    /// Stored Python `None`s.
    public var pythonNones: Int
    /// JSON documents that were parsed.
    public var jsonDocuments: Int
    /// Other texts.
    public var texts: Int
    /// Second names of objects that were counted under their first.
    public var secondNames: Int
    /// Bytes of all tensors' elements.
    public var tensorBytes: Int
    /// Findings that are errors.
    public var errors: Int
    /// What is wrong or strange, in the order of the walk.
    public var findings: [Finding]
    /// Findings that are not listed, because there are too many.
    public var findingsLeftOut: Int

    /// Something wrong or strange about one object.
    public struct Finding: Sendable, Codable {
        /// The object's path inside the archive.
        public var object: String
        /// The kind of finding, such as `unknown_name`.
        public var code: String
        /// The archive is damaged or outside the format there, rather than unusual.
        public var isError: Bool
        /// One sentence.
        public var message: String
    }

    /// Reads everything in an archive and checks it.
    ///
    /// - Throws: `ArchiveError` if the file cannot be opened as an archive.
    public init(file: String) throws {
        let verification = try ArchiveReader.verify(file: file, profileCheck: ProfileCheck.problems)
        path = file
        isSound = verification.isSound
        groups = verification.groups
        tensors = verification.tensors
        pythonNones = verification.pythonNones
        jsonDocuments = verification.jsonDocuments
        texts = verification.texts
        secondNames = verification.aliases
        tensorBytes = verification.tensorBytes
        errors = verification.errors
        findingsLeftOut = verification.findingsLeftOut
        findings = verification.findings.map {
            Finding(
                object: $0.path, code: $0.problem.code, isError: $0.isError, message: $0.description)
        }
    }

    /// The findings for people: errors first.
    public var document: Document {
        var document = Document()
        let verdict = isSound ? "sound" : "not sound, \(counted(errors, "error"))"
        document.paragraph(
            "\(path): \(verdict); \(counted(tensors, "tensor")) of \(size(tensorBytes)) with the recorded hashes, "
                + "\(counted(pythonNones, "None")), \(counted(jsonDocuments, "JSON document")), "
                + "\(counted(texts, "other text")), \(counted(groups, "group")), "
                + "\(counted(secondNames, "second name")).")
        document.list(
            findings.filter(\.isError).map { "error: " + $0.message }
                + findings.filter { !$0.isError }.map { "note: " + $0.message }
                + (findingsLeftOut > 0 ? ["\(findingsLeftOut) more findings are not listed."] : []))
        return document
    }
}
