import AlignmentWording

extension LogitAgreement {
    /// One or two sentences: what the difference looks like, from which step, and how many tokens flip.
    ///
    /// - Parameter golden: what the golden run is called, `the good run`.
    public func summary(against golden: String) -> String {
        let steps = "\(counted(comparedSteps, "step")) on the same columns"
        guard shape != .identical else {
            return "Over \(steps), not one live logit differs from \(golden)'s."
        }
        let flipped =
            flips == 0
            ? "No largest logit changes places"
            : "The largest logit changes places in \(flips) of \(counted(cells, "cell")), "
                + (nearTies == flips ? "all" : nearTies == 0 ? "none" : "\(nearTies)") + " of them near-ties"
        return "Over \(steps), the logits lie \(number(snrDb)) dB from \(golden)'s: \(reading). \(flipped)."
    }

    /// The shape, with the figures that led to it.
    public var reading: String {
        switch shape {
        case .identical: "nothing differs"
        case .float32Rounding: "float32 sums in another order"
        case .tf32OrFloat16Noise: "white noise of the size of TF32 or float16 rounding"
        case .bfloat16Noise: "white noise of the size of bfloat16 rounding"
        case .offset:
            "\(percent(fit.offsetShare)) of the error is an offset of each row, in the middle \(number(fit.offset)), "
                + "which softmax ignores"
        case .scale:
            "\(percent(fit.share)) of the error is a scale of \(formatted("%.4g", fit.scale)), which acts as a "
                + "temperature of \(formatted("%.4g", 1 / fit.scale)) does"
        case .oneCodebook:
            "codebook \(loneCodebook ?? 0) alone carries the error"
        case .drift:
            "from step \(drift?.step ?? 0) on the error is \(number(drift?.rise ?? 0)) dB larger than before"
        case .other:
            brokenCells > 0
                ? "\(counted(brokenCells, "cell")) with logits that are no numbers, or infinite on one side alone"
                : snrDb < LogitShape.bfloat16Floor
                    ? "too far for rounding: a wrong weight, or another model"
                    : "too structured for rounding: \(structure)"
        }
    }

    /// What sets the error apart from rounding.
    private var structure: String {
        var found: [String] = []
        if let spread = residual.codebookSpreadDb, spread > LogitShape.codebookSpread {
            found.append("the codebooks' SNR differ by \(number(spread)) dB")
        }
        if let spread = residual.cellSpreadDb, spread > LogitShape.cellSpread {
            found.append("the cells' SNR scatter by \(number(spread)) dB")
        }
        if residual.correlation > LogitShape.correlation {
            found.append("it follows the logits themselves, with a scale of \(formatted("%.4g", fit.scale))")
        }
        if let persistence = residual.persistence, persistence > LogitShape.offGridPersistence {
            found.append("it repeats itself from step to step, with a mean cosine of \(number(persistence))")
        }
        return found.joined(separator: ", ")
    }
}
