/// What an archive holds that no pipeline can have recorded.
public struct CaptureError: Error, Sendable, Equatable {
    /// The archive, by the path as given.
    public let file: String
    /// The object inside it.
    public let path: String
    /// What was expected and what was found, in one clause.
    public let problem: String

    /// A problem with an object of an archive.
    public init(file: String, path: String, problem: String) {
        self.file = file
        self.path = path
        self.problem = problem
    }
}

extension CaptureError: CustomStringConvertible {
    /// One sentence with the file, the object, and what to do.
    public var description: String {
        "\(file): \(path) \(problem); record the archive again, or see docs/golden-format.md."
    }
}
