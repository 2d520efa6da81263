/// What a deviation does to a stage's output on one capture.
public enum Effect: String, Sendable, Codable {
    /// Nothing at all.
    case none
    /// Only fields that the model does not read differ.
    case dead
    /// Live fields differ.
    case changesOutput = "changes_output"
    /// With it upstream's code raises, without it not.
    case raises
    /// Without it upstream's code raises, with it not.
    case preventsRaise = "prevents_raise"

    /// Whether the model never notices.
    public var isHarmless: Bool { self == .none || self == .dead }
}
