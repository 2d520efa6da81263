/// A line of the catalogue that was met.
struct Observation {
    let rule: LogRule
    let values: LogValues
    /// The line, counted from 1.
    let line: Int
    /// The first bytes of the message, a copy.
    let head: [UInt8]
    /// The part of the text to speak, counted from 0.
    var chunk = 0

    /// The message, cut and harmless.
    var excerpt: String { LogText.excerpt(head[...]) }
}
