/// How a check came out.
public enum CheckStatus: String, Sendable, Codable {
    case passed, warned, failed
    /// The capture does not hold what the check looks at.
    case absent
}

/// What every check says.
public struct CheckVerdict: Sendable, Equatable, Codable {
    /// How it came out.
    public var status: CheckStatus
    /// One sentence for people.
    public var why: String
    /// The figure that was judged.
    public var value: Double?
    /// The bound that it was judged by.
    public var bound: Double?

    static func absent(_ why: String) -> CheckVerdict { CheckVerdict(status: .absent, why: why) }
}

/// A check's verdict and the figures behind it; in JSON both stand side by side in one object.
public struct Check<Details: Codable & Equatable & Sendable>: Sendable, Equatable, Codable {
    /// The verdict.
    public var verdict: CheckVerdict
    /// The figures.
    public var details: Details

    init(_ verdict: CheckVerdict, _ details: Details) {
        self.verdict = verdict
        self.details = details
    }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        verdict = try CheckVerdict(from: decoder)
        details = try Details(from: decoder)
    }

    /// Writes verdict and figures into the same object.
    public func encode(to encoder: any Encoder) throws {
        try verdict.encode(to: encoder)
        try details.encode(to: encoder)
    }
}
