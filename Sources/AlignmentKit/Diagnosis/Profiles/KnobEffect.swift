import AlignmentJSON
public import AlignmentStages

/// What turning one knob can do to the live output of its stage, as far as two profiles say.
///
/// Source of the rules: upstream's code, knob by knob. The table is `KnobEffect.table`; each of its rows is held
/// against recomputation.
public struct KnobEffect: Sendable {
    /// Whether the live output can be another.
    public enum Reach: String, Sendable, Codable, CaseIterable {
        /// On no input.
        case never
        /// On some inputs: `when` says which.
        case conditional
        /// On every input that the stage has something to do on.
        case always
    }

    /// Where an effect shows.
    public enum Scene: String, Sendable, Codable {
        /// In what the stage gives for the facts of a capture.
        case output
        /// In the same, if the capture holds the logits.
        case scores
        /// In tokens that another run of the model would draw; in a capture only if it ends that one earlier.
        case newRun = "new_run"
        /// Only in the sound file that is written.
        case file
    }

    /// What holds for two values.
    public struct Judgement: Sendable, Equatable {
        /// Whether the output can be another.
        public var reach: Reach
        /// On which inputs, for `conditional`: "the prompt holds <|AUDIO|>".
        public var when: String?
        /// Why not, for `never`: "no code reads it".
        public var why: String?
    }

    /// One case; the first whose test passes holds.
    struct Case: Sendable {
        let judgement: Judgement
        let holds: @Sendable (_ left: Profile, _ right: Profile) -> Bool
    }

    /// The knob's archive key.
    let key: String
    /// Where an effect shows.
    public let scene: Scene
    /// Null stands for whatever the caller of the pipeline chose.
    public let isNullCallersChoice: Bool
    /// The first that holds decides; the last always holds.
    let cases: [Case]

    init(_ key: String, shows scene: Scene = .output, nullIsCallersChoice: Bool = false, _ cases: Case...) {
        (self.key, self.scene, isNullCallersChoice, self.cases) = (key, scene, nullIsCallersChoice, cases)
    }

    /// What a knob does that two profiles set differently: the most that it does when turned in either.
    public static func judgement(of knob: Knob, _ left: Profile, _ right: Profile) -> Judgement {
        guard let effect = effect(of: knob) else {
            preconditionFailure("no rule says what \(knob.key) does")
        }
        let turned = [
            effect.judgement(left, knob.copied(from: right, to: left)),
            effect.judgement(right, knob.copied(from: left, to: right)),
        ]
        let order = Reach.allCases
        return turned.max {
            (order.firstIndex(of: $0.reach) ?? 0) < (order.firstIndex(of: $1.reach) ?? 0)
        } ?? turned[0]
    }

    /// What is the most that a knob can do.
    public static func most(of knob: Knob) -> Judgement? { effect(of: knob)?.cases.last?.judgement }

    /// The rule of a knob; every knob has one.
    public static func effect(of knob: Knob) -> KnobEffect? { byKey[knob.key] }

    private static let byKey = Dictionary(uniqueKeysWithValues: table.map { ($0.key, $0) })

    /// What turning the knob does, between two profiles that differ in nothing else.
    func judgement(_ left: Profile, _ right: Profile) -> Judgement {
        guard let found = cases.first(where: { $0.holds(left, right) }) else {
            preconditionFailure("the rule of \(key) has no last case")
        }
        return found.judgement
    }
}

extension KnobEffect.Case {
    /// Equivalent values, or a knob that nothing reads, and why.
    static func never(
        _ why: String, if holds: @escaping @Sendable (Profile, Profile) -> Bool = { _, _ in true }
    ) -> Self {
        Self(judgement: .init(reach: .never, when: nil, why: why), holds: holds)
    }

    /// The same, where a property holds on both sides.
    static func never(_ why: String, ifBoth holds: @escaping @Sendable (Profile) -> Bool) -> Self {
        never(why) { holds($0) && holds($1) }
    }

    /// An effect on some inputs.
    static func conditional(
        _ when: String, if holds: @escaping @Sendable (Profile, Profile) -> Bool = { _, _ in true }
    ) -> Self {
        Self(judgement: .init(reach: .conditional, when: when, why: nil), holds: holds)
    }

    /// An effect on every input.
    static var always: Self {
        Self(judgement: .init(reach: .always, when: nil, why: nil), holds: { _, _ in true })
    }
}
