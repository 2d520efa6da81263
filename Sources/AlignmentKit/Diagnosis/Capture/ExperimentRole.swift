import AlignmentJSON

/// The part that a request has in an experiment: the same script run as it is and with a deviation repaired live.
public struct ExperimentRole: Sendable, Equatable {
    /// With the repair, or as it is.
    public var arm: Arm
    /// Requests of the same pair are the same request under the same seed; nil where that was not recorded.
    public var pair: String?
    /// The seed of the run; nil where that was not recorded.
    public var seed: Int?
    /// Ids that were to be repaired; those of `applied` where that was not recorded.
    public var asked: [String]
    /// Ids whose repair changed something in this request.
    public var applied: [String]

    /// What a run does with the deviation.
    public enum Arm: String, Sendable {
        /// The script as it is.
        case asIs = "as_is"
        /// The script with a repair.
        case repaired
    }

    /// The role in a `sample.json`; nil for a request of no experiment.
    init?(_ json: JSONValue?) {
        guard let arm = json?["arm"]?.string.flatMap(Arm.init) else { return nil }
        func ids(_ key: String) -> [String]? { json?[key]?.array?.compactMap(\.string) }
        let applied = ids("applied") ?? []
        self.init(
            arm: arm, pair: json?["pair"].flatMap { $0.string ?? $0.int.map(String.init) },
            seed: json?["seed"]?.int, asked: ids("asked") ?? applied, applied: applied)
    }

    init(arm: Arm, pair: String?, seed: Int?, asked: [String], applied: [String]) {
        self.arm = arm
        self.pair = pair
        self.seed = seed
        self.asked = asked
        self.applied = applied
    }
}

extension SampleCapture {
    /// The request ran with a repair: it is evidence on the one that ran without, and not itself to be explained.
    public var isRepairedRun: Bool { role?.arm == .repaired }

    /// Ids that were to be repaired in its run, sorted; nil for a run as it is.
    public var repairAsked: [String]? { isRepairedRun ? role.map { Set($0.asked).sorted() } : nil }
}
