/// Whether generated text has reached a stop string.
///
/// A stop string counts where it ends inside the last token, also before that token's end. As many tokens are
/// looked at as the longest stop string has characters.
///
/// Source: transformers 4.46 `generation/stopping_criteria.py`, `StopStringCriteria`.
public struct StopStrings: Sendable {
    private let strings: [[Unicode.Scalar]]
    private let texts: [Int64: [Unicode.Scalar]]
    private let window: Int

    /// - Parameters:
    ///   - strings: the texts that end the generation.
    ///   - texts: what each id adds to the text. An id without one matches nothing.
    public init(_ strings: [String], texts: [Int64: String]) {
        self.strings = strings.map { Array($0.unicodeScalars) }
        self.texts = texts.mapValues { Array($0.unicodeScalars) }
        window = self.strings.map(\.count).max() ?? 0
    }

    /// Whether the last of these ids, prompt and generated ones together, completes a stop string.
    public func isMet(by ids: [Int64]) -> Bool {
        guard let last = ids.last, let ending = texts[last] else { return false }
        // What stands before an id without a text is out of reach.
        let known = ids.suffix(window).dropLast().reversed().prefix { texts[$0] != nil }
        let before = known.reversed().flatMap { texts[$0] ?? [] }
        let text = before + ending
        return strings.contains { string in
            (before.count + 1..<text.count + 1).contains { end in
                end >= string.count && text[(end - string.count)..<end].elementsEqual(string)
            }
        }
    }
}
