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
