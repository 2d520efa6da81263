public import AlignmentDiagnosis
public import AlignmentLogs
public import AlignmentParity
public import AlignmentReport

/// What was found out about a gate's inputs.
public struct GateEvidence: Sendable {
    /// The captures, in the order of the inputs.
    public var captures: [Capture] = []
    /// Golden archives of which no capture was given.
    public var unpairedGoldens: [String] = []
    /// All sound; nil if there was none among the inputs.
    public var sound: SoundReport?
    /// All logs; nil if there was none among the inputs.
    public var logs: LogReport?
    /// Inputs of which nothing could be used.
    public var failures: [InputFailure] = []

    /// Nothing yet.
    public init() {}

    /// What was found out about one archive.
    public struct Capture: Sendable {
        /// What `explain` says of it.
        public var explanation: ExplanationReport
        /// What `run` says of its requests.
        public var runs: [SampleRun]
        /// What `compare` says of it and the golden archive of its name, or why it says nothing; nil where the policy names
        /// no golden archives.
        public var comparison: Result<ArchiveComparison, InputFailure>?

        /// What was found out about one archive.
        public init(
            explanation: ExplanationReport, runs: [SampleRun],
            comparison: Result<ArchiveComparison, InputFailure>? = nil
        ) {
            (self.explanation, self.runs, self.comparison) = (explanation, runs, comparison)
        }

        /// The runs of requests without a repair: those with one are evidence, and not to be judged.
        var judgedRuns: [SampleRun] {
            let names = Set(explanation.samples.map(\.sample))
            return runs.filter { names.contains($0.sample) }
        }
    }
}
