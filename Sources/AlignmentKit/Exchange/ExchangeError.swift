package import AlignmentFiles

/// Why a folder of dumps could not become an archive, or an archive a folder.
public struct ExchangeError: Error, Sendable, Hashable {
    /// The file or folder, by the path as given.
    public let file: String
    /// What it is about inside the file: a tensor, a key of the manifest; nil for the whole file.
    public let place: String?
    /// What was expected and what was found, in one clause.
    public let problem: String
    /// What to do, in one clause.
    public let remedy: String

    /// An error about a file or something in it.
    public init(file: String, place: String? = nil, problem: String, remedy: String) {
        self.file = file
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }

    /// What the operating system says; `operation` completes "could not be".
    package init(file: String, _ failure: FileFailure, operation: String) {
        let (problem, remedy) =
            switch failure {
            case .missing: ("does not exist", "check the path")
            case .notAFile(let found): ("is \(found), not a file", "give the path of a file")
            case .noFolder(let folder):
                ("could not be \(operation): there is no folder \(folder)", "make it first")
            case .system(let message): ("could not be \(operation): \(message)", "nothing was left behind")
            }
        self.init(file: file, problem: problem, remedy: remedy)
    }
}

extension ExchangeError: CustomStringConvertible {
    /// One sentence that names the file, the object, what was expected, what was found and what to do.
    public var description: String {
        "\(file): \(place.map { "\($0) " } ?? "")\(problem); \(remedy)."
    }
}
