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
        walk(pattern, path, isStar: { $0 == ["*", "*"] }) { pattern, name in
            walk(pattern[...], name[...], isStar: { $0 == "*" }) { $0 == "?" || $0 == $1 }
        }
    }

    /// The usual two-finger walk, over names or over characters: a star remembers where to take up again, so
    /// that many stars cost no more than the product of both lengths.
    private static func walk<Element>(
        _ pattern: ArraySlice<Element>, _ path: ArraySlice<Element>, isStar: (Element) -> Bool,
        fits: (Element, Element) -> Bool
    ) -> Bool {
        var (p, n) = (pattern.startIndex, path.startIndex)
        var (star, mark) = (Int?.none, path.startIndex)
        while n < path.endIndex {
            if p < pattern.endIndex, isStar(pattern[p]) {
                (star, mark) = (p, n)
                p += 1
            } else if p < pattern.endIndex, fits(pattern[p], path[n]) {
                p += 1
                n += 1
            } else if let star {
                mark += 1
                (p, n) = (star + 1, mark)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy(isStar)
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

extension [PathPattern] {
    /// Whether a path matches one of the patterns.
    public func matches(_ path: String) -> Bool { contains { $0.matches(path) } }
}
