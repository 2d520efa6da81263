public import AlignmentJSON

/// The profile that a capture declares, on top of the reference's values for what it does not say.
public struct CapturedProfile: Sendable {
    /// The reference profile with every declared knob turned.
    public var profile: Profile
    /// Keys of the knobs that the capture declares.
    public var declared: Set<String> = []
    /// Declared keys that no knob has; they are named, not acted on.
    public var unknown: [String] = []
    /// Declared values that their knob does not take; the reference's value stands.
    public var notUnderstood: [String] = []

    /// A profile that says every knob.
    public init(_ profile: Profile) {
        self.profile = profile
        declared = Set(Knob.all.map(\.key))
    }

    /// Reads a flat object of `<stage>.<knob>` keys.
    public init(_ json: JSONValue?, on reference: Profile) {
        profile = reference
        for (key, value) in (json?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let knob = Knob.named(key) else {
                unknown.append(key)
                continue
            }
            if knob.set(value, in: &profile) {
                declared.insert(key)
            } else {
                notUnderstood.append(key)
            }
        }
    }
}

extension CapturedProfile {
    /// Keys that recorders write for people and that no stage reads, with what they say.
    public static let recordedOnly = [
        "decode.device": "Where the codec ran.",
        "generation.use_cache": "Whether the model kept its keys and values.",
    ]
}
