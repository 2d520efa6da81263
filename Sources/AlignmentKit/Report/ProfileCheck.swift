import AlignmentArchive
import AlignmentJSON
import AlignmentStages

/// What is strange about a captured profile: keys that no knob has, values that a knob does not take.
enum ProfileCheck {
    static func problems(of profile: JSONValue) -> [ArchiveVerification.Problem] {
        (profile.object ?? [:]).sorted { $0.key < $1.key }.compactMap { key, value in
            guard let knob = Knob.named(key) else {
                return CapturedProfile.recordedOnly[key] == nil ? .unknownField(key) : nil
            }
            var profile = reference
            return knob.set(value, in: &profile)
                ? nil : .fieldNotUnderstood(key, expected: knob.expectation, found: value.compactText)
        }
    }

    private static let reference = ProfileDescription.serveEngine.resolved(for: ModelConfiguration())
}
