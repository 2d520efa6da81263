/// The result of `log` over files.
public struct LogReport: Sendable, Codable, Equatable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// All logs in one sentence.
    public var sentence: String
    /// The logs that could be read.
    public var files: [LogFile]
    /// The logs that could not.
    public var failures: [LogFailure]
    /// 0 nothing wrong found and something recognised; 1 a defect; 2 nothing recognised in a log, or one that could
    /// not be read. 2 beats 1 beats 0.
    public var exitCode: Int

    /// A report of these logs and failures.
    public init(files: [LogFile], failures: [LogFailure] = []) {
        self.files = files
        self.failures = failures
        exitCode = failures.isEmpty ? files.map(\.exitCode).max() ?? 2 : 2
        let tally = files.reduce(LogTally()) { $0 + $1.tally }
        let unread = failures.isEmpty ? "" : " \(failures.count) could not be read."
        sentence =
            (files.count == 1
                ? files[0].sentence
                : tally.sentence
                    ?? LogFile.sentence(
                        lines: files.map(\.lines).reduce(0, +),
                        recognised: files.map(\.recognised).reduce(0, +))) + unread
    }
}

/// A log that could not be read.
public struct LogFailure: Sendable, Codable, Equatable {
    /// The path, as given.
    public var path: String
    /// Why, in one sentence.
    public var message: String

    /// A failure of a log.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }
}

extension LogFile {
    static func sentence(lines: Int, recognised: Int) -> String {
        recognised == 0
            ? "None of \(lines) lines is one that these pipelines print."
            : "No sample was found; \(recognised) of \(lines) lines \(recognised == 1 ? "is" : "are") known."
    }
}
