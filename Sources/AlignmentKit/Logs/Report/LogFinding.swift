public import AlignmentJSON

/// One thing that a log says, over all lines that say it.
public struct LogFinding: Sendable, Codable, Equatable {
    /// A rule's or a conclusion's id, as docs/log.md has them.
    public var id: String
    /// How serious it is.
    public var level: LogLevel
    /// The first line, counted from 1.
    public var line: Int
    /// How many lines it rests on in all.
    public var linesCount: Int
    /// How often it was found: once for each line of a rule, or for each request of a conclusion.
    public var count: Int
    /// The first of these lines, at most 5.
    public var examples: [Example]
    /// The figures of the first time.
    public var values: [String: JSONValue]
    /// What was found the first time, in a sentence or two.
    public var sentence: String
    /// What it means.
    public var means: String
    /// What it does not mean.
    public var doesNotMean: String
    /// Related ids of the catalogue of deviations.
    public var deviations: [String]

    /// A line that it rests on.
    public struct Example: Sendable, Codable, Equatable {
        /// Counted from 1.
        public var line: Int
        /// The message, at most 200 characters, control characters replaced.
        public var text: String
        /// The request's place in the log, counted from 0; nil outside of requests.
        public var sample: Int?
    }
}
