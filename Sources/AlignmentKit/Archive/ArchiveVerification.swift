/// What a look at every object of an archive found.
public struct ArchiveVerification: Sendable, Hashable {
    /// The file, as it was given.
    public let file: String
    /// What the root says about the archive.
    public let header: ArchiveHeader
    /// Groups, the root not counted.
    public internal(set) var groups = 0
    /// Tensors whose elements were read and whose hashes agree.
    public internal(set) var tensors = 0
    /// Stored Python `None`s.
    public internal(set) var pythonNones = 0
    /// JSON documents that were parsed.
    public internal(set) var jsonDocuments = 0
    /// Other texts.
    public internal(set) var texts = 0
    /// Second names of objects that were counted under their first.
    public internal(set) var aliases = 0
    /// Bytes of all tensors' elements.
    public internal(set) var tensorBytes = 0
    /// What is wrong or strange, in the order of the walk.
    public internal(set) var findings: [Finding] = []

    /// Findings beyond `mostFindings`, which are counted and not kept.
    public internal(set) var findingsLeftOut = 0

    /// Findings that are kept at most: a hostile archive can have one for each object.
    public static let mostFindings = 10_000

    /// Something wrong or strange about one object.
    public struct Finding: Sendable, Hashable {
        /// The object's path inside the archive; "/" for the root.
        public let path: String
        /// What was found.
        public let problem: Problem

        /// One sentence.
        public var description: String { problem.sentence(about: path) }
        /// Whether the archive is damaged or outside the format, rather than unusual.
        public var isError: Bool { problem.isError }
    }

    /// Whether nothing is wrong; what is merely strange does not count.
    public var isSound: Bool { errors == 0 }
    /// Findings that are errors, those left out among them.
    public internal(set) var errors = 0
    /// Objects visited, the root not counted.
    public var objects: Int { groups + tensors + pythonNones + jsonDocuments + texts + aliases }

    mutating func note(_ path: String, _ problem: Problem) {
        let finding = Finding(path: path, problem: problem)
        if finding.isError { errors += 1 }
        guard findings.count < Self.mostFindings else {
            findingsLeftOut += 1
            return
        }
        findings.append(finding)
    }

    init(file: String, header: ArchiveHeader) {
        self.file = file
        self.header = header
    }
}
