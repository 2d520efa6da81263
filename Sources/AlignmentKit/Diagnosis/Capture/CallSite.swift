import AlignmentJSON

/// A line of the user's own code that called upstream, as the recorder saw it.
public struct CallSite: Sendable, Equatable, Codable {
    /// The file, without the machine's folders.
    public var file: String
    /// The line's number, from 1.
    public var line: Int
    /// The line's text.
    public var source: String
    /// The function that it stands in.
    public var function: String

    /// What is called there: a part of upstream that the recorder watches.
    public enum Call: String, Sendable, CaseIterable {
        case collator, generate, revert, encode, decode, write
    }

    /// The site in an entry of `sample.json`'s `sites`; nil if it lacks a part.
    init?(_ json: JSONValue?) {
        guard let file = json?["file"]?.string, let line = json?["line"]?.int,
            let source = json?["source"]?.string, let function = json?["function"]?.string
        else { return nil }
        self.file = file
        self.line = line
        self.source = source
        self.function = function
    }
}
