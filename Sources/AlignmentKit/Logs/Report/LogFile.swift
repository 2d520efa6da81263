/// What one log says.
public struct LogFile: Sendable, Codable, Equatable {
    /// The path, as given; `-` is standard input.
    public var path: String
    /// All of it in one sentence.
    public var sentence: String
    /// Lines read.
    public var lines: Int
    /// Lines of the catalogue among them.
    public var recognised: Int
    /// Lines longer than 64 KiB, of which the rest was not read.
    public var cutLines: Int
    /// How the recognised lines begin, and how many do.
    public var formats: [String: Int]
    /// Requests counted by what is proven about them.
    public var tally: LogTally
    /// The first requests, at most 10000.
    public var samples: [LogSample]
    /// What was found, the most serious first, then by line.
    public var findings: [LogFinding]
    /// 0 nothing wrong found, 1 a defect, 2 nothing recognised.
    public var exitCode: Int
}
