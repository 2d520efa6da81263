public import AlignmentStages

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
        var parts: [String] = []
        switch (temperatureAsDeclared, temperature) {
        case (let own?, _):
            parts.append("\(own.words(orGreedy: includesGreedy)) with the declared top_k and top_p")
        case (nil, let any?):
            parts.append(
                "\(any.words(orGreedy: includesGreedy)), none of them with the declared top_k and top_p")
        case (nil, nil): parts.append("greedy")
        }
        parts.append("top_k \(topK.words { String($0) })")
        parts.append("top_p \(topP.words(number))")
        switch repetition {
        case .on: parts.append("repetition-aware sampling on")
        case .off: parts.append("repetition-aware sampling off")
        case .undecided: parts.append("repetition-aware sampling on or off")
        }
        return parts.joined(separator: "; ")
    }
}

extension SamplerRegion.Bounds {
    fileprivate func words(orGreedy: Bool) -> String {
        let (low, high) = (number(low), number(high))
        let range =
            switch (reachesSmallest, reachesLargest) {
            case (true, true): "any temperature"
            case (true, false): "temperature up to \(high)"
            case (false, true): "temperature from \(low)"
            case (false, false): low == high ? "temperature \(low)" : "temperature \(low) to \(high)"
            }
        return orGreedy ? "greedy, or \(range)" : range
    }
}

extension SamplerRegion.Choices {
    fileprivate func words(_ word: (Value) -> String) -> String {
        if isOpen { return "any" }
        guard let low, let high else { return "none" }
        let range = low == high ? word(low) : "\(word(low)) to \(word(high))"
        return includesNone ? "\(range), or none" : range
    }
}
