/// The names that lead from the root of an archive to an object.
struct ObjectPath {
    /// The names, outermost first; none for the root.
    let names: [String]

    /// Reads `/a/b` and `a/b` alike; slashes at either end or in a row do not count.
    init(_ text: String, in file: String, limits: ArchiveLimits) throws(ArchiveError) {
        // Characters would do for ASCII, but a combining mark after a slash is one character with it.
        let names = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        let location = Location(file: file, path: text)
        for name in names { try location.limit(name.utf8.count, to: limits.nameBytes, .nameBytes) }
        try location.limit(names.count, to: limits.depth, .depth)
        if text.utf8.contains(0) { throw location.error(.malformedName("it holds a NUL byte")) }
        if names.contains(where: { $0 == "." || $0 == ".." }) {
            throw location.error(.malformedName("\".\" and \"..\" mean nothing inside an archive"))
        }
        self.names = names
    }

    /// With a slash in front of every name.
    var text: String { names.isEmpty ? "/" : names.map { "/" + $0 }.joined() }
}

/// The order of names in a group: decimal numbers by value, then the others by their bytes.
///
/// A strict total order over different byte strings; "é" in one and in two code points are two names.
enum NameOrder {
    static func areInIncreasingOrder(_ left: String, _ right: String) -> Bool {
        switch (isDecimal(left), isDecimal(right)) {
        case (true, true):
            let (leftDigits, rightDigits) = (significant(left), significant(right))
            if leftDigits.count != rightDigits.count { return leftDigits.count < rightDigits.count }
            if !leftDigits.elementsEqual(rightDigits) {
                return leftDigits.lexicographicallyPrecedes(rightDigits)
            }
            return left.utf8.count < right.utf8.count
        case (true, false): return true
        case (false, true): return false
        case (false, false): return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }

    private static func isDecimal(_ name: String) -> Bool {
        name.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    private static func significant(_ name: String) -> Substring.UTF8View {
        Substring(name).utf8.drop { $0 == UInt8(ascii: "0") }
    }
}
