public import AlignmentDiagnosis

/// The result of `sampling` over archives.
public struct SamplingReport: Sendable, Equatable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The requests of all archives.
    public var samples: [SamplerFindings]
    /// Requests of one declared setting, weighed together.
    public var pooled: [PooledDraws]
    /// Archives of which nothing could be read.
    public var failures: [InputFailure]
    /// 0 nothing contradicts what is declared, and logits agree with the good run's; 1 something does, or they do not; 2
    /// nothing could be judged, compared or read.
    public var exitCode: Int

    /// A report of these requests and failures.
    public init(samples: [SamplerFindings], pooled: [PooledDraws], failures: [InputFailure]) {
        self.samples = samples
        self.pooled = pooled
        self.failures = failures
        let verdicts = samples.map(\.verdict) + pooled.map(\.verdict)
        let logits = samples.compactMap(\.goldenLogits?.status)
        let isJudged = verdicts.contains { $0 != .undecided } || logits.contains { $0 != .incomparable }
        exitCode =
            if !failures.isEmpty || !isJudged || logits.contains(.incomparable) {
                2
            } else {
                verdicts.contains(.contradicted) || logits.contains(.differs) ? 1 : 0
            }
    }
}
