/// How loud a sound is, in the steps of the story's log.
public enum SoundLevel: String, Sendable, Codable, CaseIterable {
    /// Energy below 1e-8.
    case silence
    /// Below 1e-6, the gate.
    case tooQuiet = "too-quiet"
    /// Below 1e-4.
    case quiet
    /// From 1e-4.
    case audible

    /// The least energy that is no silence, full scale 1.
    public static let gate = 1e-6

    /// The step of an energy, full scale 1.
    public init(energy: Double) {
        self = energy < 1e-8 ? .silence : energy < Self.gate ? .tooQuiet : energy < 1e-4 ? .quiet : .audible
    }
}
