public import AlignmentDiagnosis
import AlignmentStages

/// The result of `explain` on one archive: the worst verdict and the union of what its requests show, and each
/// request in `samples`. Requests that ran with a repair are evidence in `interventions`, and nowhere else.
public struct ExplanationReport: Sendable, Equatable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The archive's path, as given.
    public var path: String
    /// The profile judged against.
    public var reference: String
    /// The worst of all requests.
    public var verdict: Explanation.Verdict
    /// The causes of all requests, each with the requests that it was seen in.
    public var causes: [Explanation.Cause]
    /// The settings of all requests.
    public var settings: [Explanation.Cause]
    /// What has no effect, of all requests.
    public var harmless: [Explanation.Cause]
    /// What could not be decided in any request.
    public var notTested: [Explanation.NotTested]
    /// The stages: of each the worst.
    public var stages: [Explanation.Stage]
    /// The checks: of each the worst.
    public var checks: [Explanation.CheckResult]
    /// Request by request.
    public var samples: [Explanation]
    /// What runs with a repair show; nil for an archive without such runs.
    public var interventions: [Intervention]?
    /// What a log says that was printed in the same run; nil if none was given.
    public var log: LogBeside?
    /// The worst of all: 2 beats 1 beats 0.
    public var exitCode: Int

    /// A report of an archive's requests; nil for none.
    public init?(_ samples: [Explanation], interventions: [Intervention]? = nil) {
        guard let first = samples.first, let worst = samples.map(\.verdict).max(by: { $0.rank < $1.rank })
        else {
            return nil
        }
        (path, reference, verdict) = (first.path, first.reference, worst)
        causes = Self.union(samples.map(\.causes))
        settings = Self.union(samples.map(\.settings))
        harmless = Self.union(samples.map(\.harmless))
        notTested = first.notTested.filter { row in samples.allSatisfy { $0.notTested.contains(row) } }
        stages = first.stages.indices.map { index in
            samples.map { $0.stages[index] }.max { $0.status.rank < $1.status.rank } ?? first.stages[index]
        }
        checks = first.checks.indices.map { index in
            samples.map { $0.checks[index] }.max { $0.rank < $1.rank } ?? first.checks[index]
        }
        self.samples = samples
        self.interventions = interventions
        exitCode = samples.map(\.exitCode).max() ?? 2
    }

    /// A report of an archive that holds nothing but runs with a repair: there is no run to be explained.
    public init(onlyRepaired interventions: [Intervention], path: String, reference: String) {
        self.path = path
        self.reference = reference
        verdict = .incomparable
        (causes, settings, harmless, notTested, checks, samples) = ([], [], [], [], [], [])
        stages = Stage.allCases.map {
            Explanation.Stage(stage: $0, status: .notCaptured, why: Self.onlyRepaired)
        }
        self.interventions = interventions
        exitCode = verdict.exitCode
    }

    /// Why nothing is explained where every request ran with a repair.
    static let onlyRepaired =
        "every request of this archive ran with a repair; record the runs as they are beside them"

    private static func union(_ lists: [[Explanation.Cause]]) -> [Explanation.Cause] {
        var result: [Explanation.Cause] = []
        for cause in lists.flatMap(\.self) {
            if let index = result.firstIndex(where: { $0.id == cause.id && $0.kind == cause.kind }) {
                result[index].samples += cause.samples
            } else {
                result.append(cause)
            }
        }
        return result
    }
}

extension Explanation.StageStatus {
    fileprivate var rank: Int {
        switch self {
        case .notCaptured: 0
        case .innocent: 1
        case .undecided: 2
        case .deviates: 3
        case .raised: 4
        }
    }
}

extension Explanation.CheckResult {
    /// A failure that nothing explains is the worst.
    fileprivate var rank: Int {
        switch status {
        case .absent: 0
        case .passed: 1
        case .warned: 2
        case .failed: explainedBy.isEmpty ? 4 : 3
        }
    }
}
