/// What a gate says: the one value that its text, Markdown, JSON, JUnit XML, annotations and page are made of.
public struct GateReport: Sendable, Equatable, Codable {
    /// Version of this JSON's layout; docs/gate-report.schema.json has it.
    public var schemaVersion = 1
    /// Name, version and commit of the program.
    public var tool: String
    /// The policy that it judged by.
    public var policy: Policy
    /// The day by which waivers were judged, as year-month-day.
    public var judgedOn: String
    /// The worst of all rows.
    public var verdict: Verdict
    /// The verdict in one sentence.
    public var sentence: String
    /// The inputs in the order in which they were found.
    public var inputs: [Input]
    /// Rows by their status.
    public var counts: Counts
    /// Everything that was judged, the worst first.
    public var rows: [Row]
    /// Every figure that the inputs give, required or not.
    public var metrics: [Metric]
    /// Differences to an earlier report; nil if none was given.
    public var baseline: Baseline?
    /// What the policy's author should know.
    public var notes: [String]
    /// 0 passed, 1 failed, 2 something could not be compared.
    public var exitCode: Int

    /// What could not be compared, a sentence each. That nothing was is said where no input says why.
    public var messages: [String] {
        let reasons = rows.filter { $0.status == .incomparable }
        let ofInputs = reasons.filter { $0.input != nil }
        return (ofInputs.isEmpty ? reasons : ofInputs).map(\.why)
    }

    /// Whether a release may go out.
    public enum Verdict: String, Sendable, Codable, CaseIterable {
        /// Something was compared, and nothing fails.
        case passed
        /// Something fails.
        case failed
        /// Something could not be compared, or nothing was.
        case incomparable

        var exitCode: Int {
            switch self {
            case .passed: 0
            case .failed: 1
            case .incomparable: 2
            }
        }
    }

    /// The policy that was judged by.
    public struct Policy: Sendable, Equatable, Codable {
        /// Its name.
        public var name: String
        /// Its file, as given.
        public var file: String?
        /// Whether warnings, and settings that have an effect, fail, too.
        public var strict: Bool

        /// The policy of this name.
        public init(name: String, file: String?, strict: Bool) {
            (self.name, self.file, self.strict) = (name, file, strict)
        }
    }

    /// One input.
    public struct Input: Sendable, Equatable, Codable {
        /// Its path, as given or as found in a given folder.
        public var path: String
        /// What it was taken for.
        public var kind: Kind

        /// What an input can be.
        public enum Kind: String, Sendable, Codable, CaseIterable { case capture, sound, log }

        /// An input.
        public init(path: String, kind: Kind) { (self.path, self.kind) = (path, kind) }
    }

    /// Rows by their status.
    public struct Counts: Sendable, Equatable, Codable {
        /// Could not be compared.
        public var incomparable = 0
        /// Fail the gate.
        public var failed = 0
        /// Would fail it but for a waiver.
        public var waived = 0
        /// Are there, and allowed.
        public var allowed = 0
        /// Are as they have to be.
        public var passed = 0

        init(_ rows: [Row]) {
            func count(_ status: Status) -> Int { rows.count { $0.status == status } }
            incomparable = count(.incomparable)
            failed = count(.failed)
            waived = count(.waived)
            allowed = count(.allowed)
            passed = count(.passed)
        }
    }

    /// One thing that was judged.
    public struct Row: Sendable, Equatable, Codable {
        /// What: a deviation's id, `check.…`, `golden.…`, `sound.…`, `log.…`, or a metric.
        public var id: String
        /// How it came out.
        public var status: Status
        /// The input that it is about; nil for a metric.
        public var input: String?
        /// The request of a capture.
        public var sample: String?
        /// A sentence with the figures.
        public var why: String
        /// What to change; nil where nothing is known.
        public var fix: String?

        /// What makes two rows of different reports the same.
        var key: [String?] { [id, input, sample] }
        /// Whether it keeps the gate from passing.
        var isFailure: Bool { status == .failed || status == .incomparable }
    }

    /// How a row came out.
    public enum Status: String, Sendable, Codable, CaseIterable {
        /// It could not be compared.
        case incomparable
        /// It fails the gate.
        case failed
        /// It would fail the gate, but for a waiver.
        case waived
        /// It is there, and the policy allows it.
        case allowed
        /// It is as it has to be.
        case passed
    }

    /// One figure over all inputs.
    public struct Metric: Sendable, Equatable, Codable {
        /// Which.
        public var metric: GateMetric
        /// The figure; nil where the inputs give none.
        public var value: Double?
        /// The policy's bounds; nil where it has none.
        public var atLeast: Double?
        /// The greatest value that passes.
        public var atMost: Double?
        /// The greatest difference to the baseline that passes.
        public var changeAtMost: Double?
        /// How it came out.
        public var status: Status

        /// How a figure came out.
        public enum Status: String, Sendable, Codable, CaseIterable {
            case met, missed
            case noValue = "no_value"
            case notRequired = "not_required"
        }
    }

    /// Differences to an earlier report.
    public struct Baseline: Sendable, Equatable, Codable {
        /// The earlier report's file, as given.
        public var file: String
        /// Failures that the earlier report does not have.
        public var new: [Row]
        /// Failures of the earlier report that are none any more.
        public var fixed: [Row]
        /// Failures of the earlier report that the policy lets pass now.
        public var letPass: [Row]
        /// Failures of the earlier report in what was not judged this time: not given, not readable, not asked for.
        public var notJudged: [Row]
        /// Metrics whose value is another.
        public var drift: [Drift]
    }

    /// A metric whose value is another.
    public struct Drift: Sendable, Equatable, Codable {
        /// Which.
        public var metric: GateMetric
        /// Its value in the earlier report; nil if it had none.
        public var before: Double?
        /// Its value now; nil if it has none.
        public var after: Double?
    }
}
