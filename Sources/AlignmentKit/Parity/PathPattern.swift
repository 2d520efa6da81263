/// A pattern of tensor paths, such as `decode/captured/**/waveform`.
///
/// `*` stands for any run of characters within one name, `?` for one character, and `**` for any number of
/// names. Everything else stands for itself; the whole path must match.
public struct PathPattern: Sendable, Hashable, Codable {
    /// The pattern as it was written.
    public let text: String

    /// A pattern of this text.
    public init(_ text: String) { self.text = text }

    /// Whether a path, written `a/b/c`, matches.
    public func matches(_ path: String) -> Bool {
        Self.match(Self.names(text)[...], Self.names(path)[...])
    }

    private static func names(_ path: String) -> [[Character]] {
        path.split(separator: "/").map(Array.init)
    }

    private static func match(_ pattern: ArraySlice<[Character]>, _ path: ArraySlice<[Character]>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        let rest = pattern.dropFirst()
        if first == ["*", "*"] {
            return match(rest, path) || (!path.isEmpty && match(pattern, path.dropFirst()))
        }
        guard let name = path.first else { return false }
        return match(name: first[...], name[...]) && match(rest, path.dropFirst())
    }

    private static func match(name pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
        // The usual two-finger walk: a star remembers where to take up again.
        var (p, n) = (pattern.startIndex, name.startIndex)
        var (star, mark) = (Int?.none, name.startIndex)
        while n < name.endIndex {
            if p < pattern.endIndex, pattern[p] == "*" {
                (star, mark) = (p, n)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == "?" || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let star {
                mark += 1
                (p, n) = (star + 1, mark)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }

    /// Reads the pattern from its text.
    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the pattern as its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
