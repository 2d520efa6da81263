/// A pattern for paths: `*` is any run of characters, slashes too, and `?` is any one.
public struct Glob: Sendable, Hashable {
    /// The pattern, as it was given.
    public let pattern: String

    /// A pattern.
    public init(_ pattern: String) { self.pattern = pattern }

    /// Whether the whole path fits the pattern; a slash at the front of either does not count.
    public func matches(_ path: String) -> Bool {
        let pattern = Array(Self.trimmed(pattern))
        let path = Array(Self.trimmed(path))
        var (at, position) = (0, 0)
        // Where to go on after the last star, should what follows it not fit.
        var star: (pattern: Int, path: Int)?
        while position < path.count {
            if at < pattern.count, pattern[at] == "*" {
                star = (at + 1, position)
                at += 1
            } else if at < pattern.count, pattern[at] == "?" || pattern[at] == path[position] {
                at += 1
                position += 1
            } else if let last = star {
                star = (last.pattern, last.path + 1)
                (at, position) = (last.pattern, last.path + 1)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == "*" }
    }

    private static func trimmed(_ text: String) -> Substring.UnicodeScalarView {
        text.unicodeScalars.drop { $0 == "/" }
    }
}

extension [Glob] {
    /// Whether a path fits one of the patterns.
    func match(_ path: String) -> Bool { contains { $0.matches(path) } }
}
