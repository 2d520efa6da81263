/// One row of the success table.
public struct SuccessMetric: Sendable, Equatable, Codable {
    /// Its name.
    public var metric: String
    /// What is asked for, in words.
    public var target: String
    /// What the pipeline reached.
    public var current: Reading
    /// What the aligned path reaches.
    public var aligned: Reading
    /// How it is measured.
    public var validationMethod: String
    /// Whether the pipeline met the target.
    public var status: Status
    /// What the status rests on, where the figures alone do not say it.
    public var why: String?

    /// Whether a target was met.
    public enum Status: String, Sendable, Codable {
        case met, missed
        case notRated = "not_rated"
        case notComputed = "not_computed"
    }

    /// A figure, or why there is none.
    public struct Reading: Sendable, Equatable, Codable {
        /// The figure; nil if there is none.
        public var value: Double?
        /// The figure as people read it, or the reason for none.
        public var text: String

        static func figure(_ value: Double, _ text: String) -> Reading { Reading(value: value, text: text) }
        static func none(_ reason: String) -> Reading { Reading(value: nil, text: reason) }
    }
}
