/// One request of a log, and what is proven about it.
public struct LogSample: Sendable, Codable, Equatable {
    /// Its place among the requests of the log, counted from 0.
    public var position: Int
    /// The number that the pipeline gives it, counted from 0; nil where no line says it.
    public var index: Int?
    /// Its first line, counted from 1.
    public var firstLine: Int
    /// Its last line, counted from 1.
    public var lastLine: Int
    /// What is proven, in the order of the pipeline.
    public var proofs: [LogProof]
}
