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

    /// Something wrong or strange about one object.
    public struct Finding: Sendable, Hashable {
        /// The object's path inside the archive; "/" for the root.
        public let path: String
        /// What was found.
        public let problem: Problem

        /// One sentence.
        public var description: String {
            switch problem {
            case .error(let error): error.description
            case .unknownName: "\(path) is not part of the format and was not interpreted"
            case .namesDifferInCaseOnly(let other):
                "\(path) and \(other) differ in case or accents' spelling only"
            case .missingRootAttribute(let name): "the root lacks the attribute \(name)"
            case .malformedSampleName: "\(path) is no name for a sample: [A-Za-z0-9._-], 1 to 128 of them"
            }
        }

        /// Whether the archive is damaged or outside the format, rather than unusual.
        public var isError: Bool {
            switch problem {
            case .error, .malformedSampleName: true
            case .unknownName, .namesDifferInCaseOnly, .missingRootAttribute: false
            }
        }
    }

    /// What can be wrong or strange.
    public enum Problem: Sendable, Hashable {
        /// The object cannot be read, or is not what it says it is.
        case error(ArchiveError)
        /// A name at the top that the format does not know.
        case unknownName
        /// Another name of the same group is the same on file systems that ignore case.
        case namesDifferInCaseOnly(other: String)
        /// An attribute of the root that the format asks for and that can be done without.
        case missingRootAttribute(String)
        /// A sample whose name the format does not allow.
        case malformedSampleName
    }

    /// Whether nothing is wrong; what is merely strange does not count.
    public var isSound: Bool { !findings.contains(where: \.isError) }
    /// Objects visited, the root not counted.
    public var objects: Int { groups + tensors + pythonNones + jsonDocuments + texts + aliases }

    init(file: String, header: ArchiveHeader) {
        self.file = file
        self.header = header
    }
}
