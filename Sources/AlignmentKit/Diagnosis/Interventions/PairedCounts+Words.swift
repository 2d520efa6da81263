import AlignmentWording

extension PairedCounts {
    /// One sentence: `energy: 7 of 8 silent requests are sound with the repair, none the other way (p = 0.00781)`.
    ///
    /// - Parameters:
    ///   - check: the check's name.
    ///   - repair: the repair in words.
    func sentence(of check: String, with repair: String = "the repair") -> String {
        guard pairs > 0 else { return "\(check): not to be computed in any pair" }
        guard asIsFailed > 0 else {
            return "\(check): fails in none of \(counted(pairs, "pair")) as it is, so nothing is decided"
        }
        let failing = asIsFailed == 1 ? "request" : "requests"
        let verb = mended == 1 && asIsFailed == 1 ? "is" : "are"
        let outcome =
            switch check {
            case RunOutcome.audio:
                "\(mended) of \(asIsFailed) \(failing) without a sound \(mended == 1 && asIsFailed == 1 ? "has" : "have") "
                    + "one with \(repair)"
            case "energy": "\(mended) of \(asIsFailed) silent \(failing) \(verb) sound with \(repair)"
            case "eos": "\(mended) of \(asIsFailed) \(failing) without EOS meet it with \(repair)"
            default: "\(mended) of \(asIsFailed) failing \(failing) pass with \(repair)"
            }
        let start = "\(check): \(outcome), \(broken == 0 ? "none" : "\(broken)") the other way"
        switch verdict {
        case .shown: return "\(start) (p = \(number(p)))"
        case .notShown:
            return
                "\(start) (p = \(number(p))); "
                + "at most \(percent(mendedShareBound)) of such could be, at 95 %"
        case .undecided:
            return
                "\(start) (p = \(number(p))), which decides nothing yet: \(counted(pairsToShow, "more pair")), "
                + "all mended, would show it, \(pairsToRefute) more, none mended, would refute it"
        }
    }
}
