internal import AlignmentJSON
internal import AlignmentStages
internal import AlignmentWording

extension SampleFacts {
    /// Which formula the limit was guessed by.
    var budgetProofs: [LogProof] {
        guard let shown = last("token-calculation") ?? last("estimated-duration"),
            let limit = shown.values.integer("limit")
        else { return [] }
        var lines = [shown.line]
        var values: [String: JSONValue] = ["limit": .integer(limit)]
        var formula: AdaptiveBudget?
        var why = "the text's length is not in the log"
        if let text = last("text-stats"), let words = text.values.integer("words"),
            let characters = text.values.integer("characters"), words >= 0, characters >= 0
        {
            lines.append(text.line)
            values["words"] = .integer(words)
            values["characters"] = .integer(characters)
            let estimate = shown.values.number("estimate")
            formula = [Budget.adaptive, .adaptive150].compactMap(AdaptiveBudget.init).first {
                let tokens = $0.tokens(words: words, characters: characters)
                // The estimate may be printed before it is cut to a whole number.
                return tokens.limit == limit
                    && (estimate.map { $0.rounded(.down) == Double(tokens.estimate) } ?? true)
            }
            why = "no formula of the story's scripts gives it for \(words) words and \(characters) characters"
        } else if shown.rule.id == "estimated-duration" {
            why = "the text's length is not in the log; the line is that of the older script"
        }
        if let formula { values["formula"] = .string(formula.words) }
        return [
            LogProof(
                .budget, .undecided, "adaptive-budget", lines: lines, values: values,
                formula.map { "A limit of \(limit), guessed from the text: \($0.words)." }
                    ?? "A limit of \(limit), guessed from the text; \(why).")
        ]
    }
}

extension AdaptiveBudget {
    /// The formula in words.
    fileprivate var words: String {
        "\(number(wordsPerMinute)) words a minute, \(number(headroom)) of it, \(bounds.lowerBound) to \(bounds.upperBound)"
    }
}
