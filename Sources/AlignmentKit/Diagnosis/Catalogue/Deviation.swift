import AlignmentJSON
public import AlignmentStages

/// One named way in which a pipeline's profile differs from the reference profile.
///
/// The ids are a contract: reports print them and policies name them.
public struct Deviation: Sendable {
    /// `<stage>.<name>`.
    public let id: String
    /// How serious it is by nature.
    public let kind: Kind
    /// The pipeline ..., in one clause.
    public let clause: String
    /// What to change.
    public let fix: String
    /// The knobs that make it.
    public let knobs: [Knob]
    private let applies: @Sendable (JSONValue) -> Bool

    /// How serious a deviation is by nature.
    public enum Kind: String, Sendable, Codable {
        /// No sound pipeline does this.
        case defect
        /// A legitimate value other than the reference's.
        case setting
    }

    init(
        _ id: String, _ kind: Kind, _ clause: String, fix: String, knobs keys: [String],
        when applies: @escaping @Sendable (JSONValue) -> Bool = { _ in true }
    ) {
        self.id = id
        self.kind = kind
        self.clause = clause
        self.fix = fix
        self.applies = applies
        knobs = keys.map { key in
            guard let knob = Knob.named(key) else { preconditionFailure("\(id) names no knob \(key)") }
            return knob
        }
    }

    /// The stage whose output it acts on.
    public var stage: Stage { knobs[0].stage }

    /// Whether a profile has it against a reference.
    public func isPresent(in profile: Profile, against reference: Profile) -> Bool {
        knobs.contains { $0.value(profile) != $0.value(reference) } && applies(knobs[0].value(profile))
    }

    /// The profile with the deviation repaired.
    public func repaired(in profile: Profile, by reference: Profile) -> Profile {
        knobs.reduce(profile) { $1.copied(from: reference, to: $0) }
    }
}
