/// One line of a log, taken apart.
struct LogLine {
    /// Counted from 1.
    var number: Int
    /// How it begins; `bare` for a further line of a message of several.
    var format = LogFormat.bare
    /// The level in capitals, where one is given.
    var level: String?
    /// The time as it stands, where one is given.
    var time: String?
    /// Where in the source it was printed, as it stands.
    var place: String?
    /// What was said.
    var message: LineBytes
    /// Whether the line was longer than is kept.
    var isCut = false

    /// The message, cut and made harmless.
    var excerpt: String { LogText.excerpt(message) }
}
