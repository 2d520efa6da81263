public import AlignmentJSON

/// One knob of a profile: its archive key, what it does, and how to read and turn it.
public struct Knob: Sendable {
    /// `<stage>.<knob>`, the key in `profile.json`.
    public let key: String
    /// The stage whose output it acts on.
    public let stage: Stage
    /// What it does, in one sentence.
    public let summary: String
    /// What a profile may write.
    public let expectation: String
    /// The same as JSON Schema.
    let valueSchema: [String: JSONValue]
    /// Its value in a profile.
    public let value: @Sendable (Profile) -> JSONValue
    private let write: @Sendable (inout Profile, JSONValue) -> Bool

    /// - Parameter isValid: values that a pipeline can run with.
    init<Value: KnobValue>(
        _ key: String, _ path: any WritableKeyPath<Profile, Value> & Sendable, _ summary: String,
        where isValid: @escaping @Sendable (Value) -> Bool = { _ in true }
    ) {
        self.key = key
        self.summary = summary
        self.expectation = Value.expectation
        valueSchema = Value.schema
        let stageName = key.prefix { $0 != "." }
        guard let stage = Stage(rawValue: String(stageName)) else {
            preconditionFailure("the knob \(key) names no stage")
        }
        self.stage = stage
        value = { $0[keyPath: path].json }
        write = { profile, json in
            guard let value = Value(json: json), isValid(value) else { return false }
            profile[keyPath: path] = value
            return true
        }
    }

    /// Turns the knob; false, and nothing changed, if the value is none of the knob's.
    public func set(_ json: JSONValue, in profile: inout Profile) -> Bool { write(&profile, json) }

    /// The profile with this knob as it is in another.
    public func copied(from other: Profile, to profile: Profile) -> Profile {
        var copy = profile
        _ = write(&copy, value(other))
        return copy
    }

    /// Every knob, in stage order.
    public static let all: [Knob] = collator + generation + tokens + decode

    /// Whether no sound pipeline turns it, so that no recorder looks for it: it says what a broken one did.
    public var isFault: Bool { Self.faults.contains(key) }

    private static let faults: Set<String> = [
        "collator.segment_codes", "collator.generation_prompt", "tokens.out_of_range", "tokens.ramp_columns",
        "tokens.layout", "decode.chunk_right_context", "decode.weight_norm", "decode.trim", "decode.trim_at",
        "decode.output_scale", "decode.scale_at", "decode.overflow",
    ]

    /// The knob of an archive key.
    public static func named(_ key: String) -> Knob? { byKey[key] }

    private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
}
