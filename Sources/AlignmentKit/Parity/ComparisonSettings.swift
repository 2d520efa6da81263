public import AlignmentArchive

/// What to compare of two archives, and how closely.
public struct ComparisonSettings: Sendable, Hashable, Codable {
    /// The tolerances.
    public var tolerance = ToleranceProfile.standard
    /// Only tensors that one of these matches, below the sample or as a whole path; empty means all.
    public var only: [PathPattern] = []
    /// Only these stages; empty means all.
    public var stages: [String] = []
    /// Stop at the first difference.
    public var failsFast = false

    /// Everything, by the standard tolerances.
    public init() {}

    /// Whether nothing is left out by choice.
    var selectsAll: Bool { only.isEmpty && stages.isEmpty }

    func selects(_ object: StoredObject, sample: String?) -> Bool {
        guard stages.isEmpty || stages.contains(object.stage) else { return false }
        let whole = sample.map { "samples/\($0)/\(object.path)" } ?? object.path
        return only.isEmpty || only.contains { $0.matches(object.path) || $0.matches(whole) }
    }
}
