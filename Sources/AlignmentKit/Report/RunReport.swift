public import AlignmentDiagnosis

/// The result of `run` over archives: what the JSON holds, and what text and Markdown are made of.
public struct RunReport: Sendable, Equatable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The requests of all archives.
    public var samples: [SampleRun]
    /// Archives of which nothing could be run.
    public var failures: [InputFailure]
    /// The worst of all: 2 beats 1 beats 0.
    public var exitCode: Int

    /// A report of these requests and failures.
    public init(samples: [SampleRun], failures: [InputFailure]) {
        self.samples = samples
        self.failures = failures
        let worst = samples.map(\.exitCode).max()
        exitCode = failures.isEmpty ? worst ?? 2 : 2
    }
}

/// An input that could not be used.
public struct InputFailure: Error, Sendable, Equatable, Codable {
    /// Its path, as given.
    public var path: String
    /// One sentence that names the file, what was expected and found, and what to do.
    public var message: String

    /// A failure of this input.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

extension InputFailure: CustomStringConvertible {
    /// The sentence.
    public var description: String { message }
}
