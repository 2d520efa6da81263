extension LogReport {
    /// What the logs prove about one request, log by log.
    ///
    /// The number that the pipeline printed comes first; where a log has none, its requests are counted.
    ///
    /// - Parameter index: the request, counted from 0.
    public func evidence(ofRequest index: Int) -> [LogEvidence] {
        files.flatMap { file in
            let isNumbered = file.samples.contains { $0.index != nil }
            return file.samples.filter { (isNumbered ? $0.index : $0.position) == index }.flatMap { sample in
                sample.proofs.map { LogEvidence(path: file.path, proof: $0) }
            }
        }
    }

    /// What the logs say about the run as a whole, such as its flags: the findings that rest on no request.
    public var findingsOfRun: [LogFinding] {
        files.flatMap(\.findings).filter { $0.examples.allSatisfy { $0.sample == nil } }
    }
}

/// What one log proves about one request.
public struct LogEvidence: Sendable, Codable, Equatable {
    /// The log's path, as given.
    public var path: String
    /// What is proven, with lines and deviations.
    public var proof: LogProof
}
