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

    /// The name of the row that tells how much of the pipeline is as the reference.
    package static let alignmentName = "Pipeline alignment"

    package init(
        metric: String, target: String, current: Reading, aligned: Reading, validationMethod: String,
        status: Status
    ) {
        (self.metric, self.target, self.current, self.aligned) = (metric, target, current, aligned)
        (self.validationMethod, self.status) = (validationMethod, status)
    }

    /// Whether a target was met.
    public enum Status: String, Sendable, Codable {
        case met, missed
        case notRated = "not_rated"
        case notComputed = "not_computed"
    }

    /// A figure, or a word for why there is none. In JSON a number, or text.
    public enum Reading: Sendable, Equatable {
        /// An energy, or a share of 1.
        case figure(Double)
        /// `not_rated`, or `not_computed: ` and the reason.
        case none(String)

        /// No figure before somebody listened.
        package static let notRated = Reading.none("not_rated")
        /// No figure without new tokens.
        package static let needsIntervention = Reading.notComputed("needs_intervention")
        /// No figure, for this reason.
        package static func notComputed(_ reason: String) -> Reading { .none("not_computed: " + reason) }
    }
}

extension SuccessMetric.Reading: Codable {
    /// A number is a figure, text a reason for none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let figure = try? container.decode(Double.self) {
            self = .figure(figure)
        } else {
            self = .none(try container.decode(String.self))
        }
    }

    /// A number, or text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .figure(let figure): try container.encode(figure)
        case .none(let reason): try container.encode(reason)
        }
    }
}
