/// How serious a finding is.
public enum LogLevel: String, Sendable, Codable, CaseIterable, Comparable {
    /// Nothing follows from it alone.
    case note
    /// Something may be wrong.
    case warning
    /// The log proves that something is wrong.
    case defect

    /// A note is less than a warning, a warning less than a defect.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .note: 0
        case .warning: 1
        case .defect: 2
        }
    }
}
