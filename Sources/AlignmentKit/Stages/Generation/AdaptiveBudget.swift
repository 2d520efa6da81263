/// A limit on new tokens guessed from the length of the text to speak, as the story's scripts guess it.
///
/// Each step is rounded to binary64 in the scripts' order. A closed form is one too high for some texts.
///
/// Source: the story's script, `calculate_adaptive_max_tokens`.
public struct AdaptiveBudget: Sendable, Equatable {
    /// Speaking rate.
    public var wordsPerMinute: Double
    /// Factor on the estimated duration.
    public var headroom: Double
    /// What the estimate is moved into, in tokens.
    public var bounds: ClosedRange<Int>

    /// A formula with these constants.
    public init(wordsPerMinute: Double, headroom: Double, bounds: ClosedRange<Int>) {
        self.wordsPerMinute = wordsPerMinute
        self.headroom = headroom
        self.bounds = bounds
    }

    /// The formula of a profile; nil for a limit that is given.
    public init?(_ budget: Budget) {
        switch budget {
        case .fixed: return nil
        case .adaptive: self.init(wordsPerMinute: 130, headroom: 1.2, bounds: 48...384)
        case .adaptive150: self.init(wordsPerMinute: 150, headroom: 1.5, bounds: 64...512)
        }
    }

    /// The limit on new tokens, of text and audio together, for a text.
    public func tokens(for text: String) -> Int {
        let words = text.unicodeScalars.split(whereSeparator: \.isPythonSpace).count
        return tokens(words: words, characters: text.unicodeScalars.count).limit
    }

    /// The limit before and after its bounds, for a text of so many words and code points.
    public func tokens(words: Int, characters: Int) -> (estimate: Int, limit: Int) {
        let byWords = (Double(words) / wordsPerMinute) * 60
        let byCharacters = (Double(characters) / 8) * 60 / wordsPerMinute
        let product = max(byWords, byCharacters) * headroom * 25
        let estimate = product < 1e15 ? Int(product) : Int(1e15)
        return (estimate, min(max(estimate, bounds.lowerBound), bounds.upperBound))
    }
}

extension Unicode.Scalar {
    /// Where Python's `str.split()` splits.
    fileprivate var isPythonSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
            0x3000:
            true
        default: false
        }
    }
}
