public import AlignmentStages
import AlignmentWording

extension SamplerSetting {
    /// The setting in the names of `generate`'s arguments.
    public var words: String {
        let processors =
            temperature.map {
                "temperature \(number($0)), top_k \(topK.map(String.init) ?? "none"), "
                    + "top_p \(topP.map(number) ?? "none")"
            } ?? "greedy"
        return processors
            + (repetition.map { ", repetition-aware sampling \($0.window)/\($0.limit)" }
                ?? ", no repetition-aware sampling")
    }
}

extension SamplerRegion {
    /// The region in words, parameter by parameter.
    public var words: String {
        let greedy = includesGreedy ? "greedy, or " : ""
        let temperatures =
            switch (temperatureAsDeclared, temperature) {
            case (let own?, _):
                "\(greedy)\(own.words("temperature", number)) with the declared top_k and top_p"
            case (nil, let any?):
                "\(greedy)\(any.words("temperature", number)), but with no such top_k and top_p as declared"
            case (nil, nil): "greedy"
            }
        let repeats =
            switch repetition {
            case .on: "on"
            case .off: "off"
            case .undecided: "on or off"
            }
        return [
            temperatures, Self.words("top_k", topK, orNone: includesNoTopK) { String($0) },
            Self.words("top_p", topP, orNone: includesNoTopP, number),
            "repetition-aware sampling \(repeats)",
        ].joined(separator: "; ")
    }

    private static func words<Value>(
        _ name: String, _ span: Span<Value>?, orNone: Bool, _ word: (Value) -> String
    ) -> String {
        guard let span else { return "no \(name)" }
        if span.above == nil, span.below == nil { return "any \(name)\(orNone ? "" : ", but not none")" }
        return span.words(name, word) + (orNone ? ", or none" : "")
    }
}

extension SamplerRegion.Span {
    fileprivate func words(_ name: String, _ word: (Value) -> String) -> String {
        switch (above, below) {
        case (nil, nil): "any \(name)"
        case (let low?, nil): "\(name) above \(word(low))"
        case (nil, let high?): "\(name) below \(word(high))"
        case (let low?, let high?): "\(name) between \(word(low)) and \(word(high))"
        }
    }
}

extension EndTrace {
    /// What the trace shows, in words.
    public var words: String {
        let text = spokenFrames.map { " The text takes about \(counted($0, "frame")) to speak." } ?? ""
        let reading =
            switch reading {
            case .met: "EOS was drawn."
            case .withinReach:
                "The stream was cut off while EOS was likely"
                    + (stepsToEnd.map { ": it would have come in about \(counted($0, "step"))." } ?? ".")
            case .keptOut:
                "EOS was likely, but temperature, top_k and top_p kept it from being drawn."
            case .negligible: "EOS had next to no chance in the last \(Self.leastSteps) steps."
            case .unclear: "The trace does not say when EOS would have come."
            }
        return reading + text
    }
}
