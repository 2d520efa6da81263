import AlignmentJSON
public import AlignmentStages

/// One named way in which a real pipeline differs from the reference: a row of the catalogue.
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
    /// What a capture must hold to decide it.
    public let needs: [Need]
    /// The knobs that make it; none for one that facts show.
    public let knobs: [Knob]
    /// How facts that both paths share show it; nil for one that knobs alone make.
    let check: FactCheck?
    private let applies: @Sendable (JSONValue) -> Bool
    /// The values of the further knobs for which it is this deviation too, where the first one does not differ.
    private let appliesElsewhere: (@Sendable (JSONValue) -> Bool)?
    private let values: Suggestion

    /// How serious a deviation is by nature.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// No sound pipeline does this.
        case defect
        /// A legitimate value other than the reference's.
        case setting
        /// A property of the output that has causes upstream of it.
        case symptom
        /// The reference profile does it too, and it can hurt.
        case limit
        /// Never has an effect of its own.
        case never
    }

    /// Part of a capture that a deviation is decided by.
    public enum Need: String, Sendable, Codable, CaseIterable {
        /// The stage's input.
        case input
        /// What the codec's encode gave, and for which sound.
        case encode
        /// The logits of each step.
        case logits
        /// The model's configuration.
        case configuration
        /// The codec's weights.
        case weights
        /// Golden tensors of the stage.
        case golden
        /// The text that was to be spoken.
        case text
        /// What was written to disk.
        case file
        /// What the stage gave.
        case output
        /// What the pipeline printed.
        case log
    }

    /// Settings of knobs, each of which makes the deviation, guessed from what a capture shows.
    typealias Suggestion = @Sendable (Clues) -> [[String: JSONValue]]

    /// A deviation that knobs make.
    ///
    /// - Parameters:
    ///   - applies: the values of the first knob for which it is this deviation and no other.
    ///   - appliesElsewhere: the same for the further knobs, where the first one does not differ.
    ///   - values: what a search tries.
    init(
        _ id: String, _ kind: Kind, _ clause: String, fix: String, needs: [Need] = [.input],
        knobs keys: [String],
        when applies: @escaping @Sendable (JSONValue) -> Bool = { _ in true },
        orWhen appliesElsewhere: (@Sendable (JSONValue) -> Bool)? = nil,
        tries values: @escaping Suggestion = { _ in [] }, check: FactCheck? = nil
    ) {
        self.id = id
        self.kind = kind
        self.clause = clause
        self.fix = fix
        self.needs = needs
        self.applies = applies
        self.appliesElsewhere = appliesElsewhere
        self.values = values
        self.check = check
        knobs = keys.map { key in
            guard let knob = Knob.named(key) else { preconditionFailure("\(id) names no knob \(key)") }
            return knob
        }
    }

    /// A deviation that facts show, whatever the profile.
    init(
        _ id: String, _ kind: Kind, _ clause: String, fix: String, needs: [Need], check: @escaping FactCheck
    ) {
        self.id = id
        self.kind = kind
        self.clause = clause
        self.fix = fix
        self.needs = needs
        self.check = check
        knobs = []
        applies = { _ in false }
        appliesElsewhere = nil
        values = { _ in [] }
    }

    /// The stage whose output it acts on.
    public var stage: Stage {
        guard let stage = Stage(rawValue: String(id.prefix { $0 != "." })) else {
            preconditionFailure("\(id) names no stage")
        }
        return stage
    }

    /// Whether a profile has it against a reference.
    public func isPresent(in profile: Profile, against reference: Profile) -> Bool {
        guard let first = knobs.first, knobs.contains(where: { $0.value(profile) != $0.value(reference) })
        else {
            return false
        }
        if first.value(profile) == first.value(reference), let appliesElsewhere {
            return knobs.dropFirst().contains {
                $0.value(profile) != $0.value(reference) && appliesElsewhere($0.value(profile))
            }
        }
        return applies(first.value(profile))
    }

    /// The profile with the deviation repaired.
    public func repaired(in profile: Profile, by reference: Profile) -> Profile {
        knobs.reduce(profile) { $1.copied(from: reference, to: $0) }
    }

    /// The ways in which a search can give a profile this deviation.
    func candidates(_ clues: Clues) -> [Candidate] {
        values(clues).compactMap { settings in
            var profile = clues.profile
            for (key, value) in settings {
                guard let knob = Knob.named(key), knob.set(value, in: &profile) else { return nil }
            }
            guard !profile.isSame(as: clues.profile, in: stage) else { return nil }
            return Candidate(deviation: self, profile: profile)
        }
    }
}

/// A profile that a search tries, and what it has that its base has not.
struct Candidate {
    var deviation: Deviation
    var profile: Profile
}
