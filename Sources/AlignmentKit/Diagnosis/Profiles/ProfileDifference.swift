public import AlignmentCodec
import AlignmentJSON
public import AlignmentStages

/// The knobs in which two profiles differ, and whether it matters.
public struct ProfileDifference: Sendable, Equatable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The first profile's name.
    public var left: String
    /// The second profile's name.
    public var right: String
    /// The archive whose facts the effects were computed on; nil without one.
    public var archive: String?
    /// The knobs that differ, in stage order.
    public var knobs: [Row]

    /// One knob.
    public struct Row: Sendable, Equatable, Codable {
        /// Its archive key.
        public var key: String
        /// The first profile's value as JSON text, for the archive's model or the released one.
        public var left: String
        /// The second profile's.
        public var right: String
        /// Where the first value was read.
        public var leftSource: String
        /// Where the second value was read.
        public var rightSource: String
        /// Whether turning it can change the stage's live output.
        public var effect: KnobEffect.Reach
        /// On which inputs it does, where not on all.
        public var when: String?
        /// Why it never does.
        public var why: String?
        /// Where an effect shows.
        public var shows: KnobEffect.Scene
        /// The catalogue's deviations that the first profile has by it against the second.
        public var deviations: [String]
        /// What the knob does.
        public var summary: String
        /// What it does on each request of the archive.
        public var here: [EffectHere]
    }

    /// What differs between two profiles for a model.
    public init(
        _ left: ProfileDescription, _ right: ProfileDescription,
        model: ModelConfiguration = ModelConfiguration()
    ) {
        self.left = left.name
        self.right = right.name
        let (first, second) = (left.resolved(for: model), right.resolved(for: model))
        let present = Deviation.catalogue.filter { $0.isPresent(in: first, against: second) }
        knobs = Knob.all.filter { $0.value(first) != $0.value(second) }.map { knob in
            let judgement = KnobEffect.judgement(of: knob, first, second)
            return Row(
                key: knob.key, left: knob.value(first).compactText, right: knob.value(second).compactText,
                leftSource: left.settings[knob.key]?.source ?? "",
                rightSource: right.settings[knob.key]?.source ?? "", effect: judgement.reach,
                when: judgement.when, why: judgement.why,
                shows: KnobEffect.effect(of: knob)?.scene ?? .output,
                deviations: present.filter { $0.knobs.contains { $0.key == knob.key } }.map(\.id),
                summary: knob.summary, here: [])
        }
    }

    /// The same, with what each knob does on the requests of a capture: it alone is turned, from the first
    /// profile's value to the second's, and its stage is run on the recorded facts.
    public init(
        _ left: ProfileDescription, _ right: ProfileDescription, on capture: Capture,
        codec: Result<CodecFamily, MissingCodec>
    ) {
        self.init(left, right, model: capture.model)
        archive = capture.path
        let (first, second) = (left.resolved(for: capture.model), right.resolved(for: capture.model))
        for sample in capture.samples {
            let runner = StageRunner(sample: sample, model: capture.model, codec: codec)
            let judge = EffectJudge(runner: runner, model: capture.model, captured: first)
            for index in knobs.indices {
                guard let knob = Knob.named(knobs[index].key) else { continue }
                knobs[index].here.append(EffectHere(of: knob, turnedAs: second, judge))
            }
        }
    }
}
