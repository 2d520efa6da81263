internal import AlignmentJSON

/// Text from a log on its way into a report.
enum LogText {
    /// The most characters of a log that get into a report in one piece.
    static let limit = 200

    /// The bytes that an excerpt is made of; four are the longest character.
    static func head(_ bytes: LineBytes) -> [UInt8] { Array(bytes.prefix(4 * limit + 4)) }

    /// Text on one line, control characters replaced, cut at the limit.
    static func excerpt(_ bytes: LineBytes) -> String {
        excerpt(String(decoding: head(bytes), as: UTF8.self))
    }

    /// Text on one line, control characters replaced, cut at the limit.
    static func excerpt(_ text: String) -> String {
        let trimmed = text.unicodeScalars.drop { $0.properties.isWhitespace }
        guard trimmed.count > limit else { return SafeText.oneLine(String(trimmed)) }
        return SafeText.oneLine(String(trimmed.prefix(limit - 3))) + "..."
    }
}
