import AlignmentDiagnosis
import AlignmentWording
import Foundation

extension SamplingReport {
    /// The report for people.
    public var document: Document {
        var document = Document()
        for sample in samples { sample.write(to: &document) }
        for pool in pooled { pool.write(to: &document) }
        document.list(failures.map(\.message))
        return document
    }
}

extension SamplerFindings {
    fileprivate func write(to document: inout Document) {
        document.heading(1, "\(path), sample \(sample)")
        document.paragraph("\(verdict.words): \(why).")
        document.list(notes)
        writeParameters(to: &document)
        writeAlternatives(to: &document)
        writeRepetition(to: &document)
        writeEnd(to: &document)
        if let golden = goldenLogits {
            if let agreement = golden.agreement {
                agreement.write(to: &document, against: golden.path)
            } else {
                document.heading(2, "Logits against \(golden.path)")
                document.paragraph("Not compared: \(golden.why ?? "nothing was recorded").")
            }
        }
    }

    private var notes: [String] {
        var notes: [String] = []
        if !undeclared.isEmpty {
            notes.append(
                "The capture does not declare \(undeclared.joined(separator: ", ")); the reference's values stand for them."
            )
        }
        if let first = impossibleDraws.first {
            notes.append(
                "The first token that could not be drawn as declared: id \(first.id) in segment \(first.segment), column "
                    + "\(first.column), codebook \(first.codebook).")
        }
        if skippedDraws > 0 {
            notes.append(
                "\(counted(skippedDraws, "draw")) left out: logits that are no numbers, or an id outside the vocabulary."
            )
        }
        return notes + losses.map { "\($0.prefix(1).uppercased())\($0.dropFirst())." }
    }

    private func writeParameters(to document: inout Document) {
        document.heading(2, "Parameters")
        var rows = [["declared", declared.words]]
        rows.append(["by the scores", scores.setting.map(\.words) ?? scores.why])
        if let region, let widestRegion {
            rows.append(["by \(counted(draws, "draw")), 95 %", region.words])
            rows.append(["the same, \(confidence(level))", widestRegion.words])
        }
        document.table(["", "setting"], rows)
    }

    private func writeAlternatives(to document: inout Document) {
        guard !alternatives.isEmpty else { return }
        document.heading(2, "Against other settings")
        document.paragraph(
            "Taken to have acted: \(acting.words). Another setting is excluded where the draws leave a chance of at most "
                + "\(number(level)) that it acted.")
        document.table(
            ["setting", "evidence against", "excluded", "would take"],
            alternatives.map { other in
                [
                    other.name, "\(number(other.evidenceAgainst)) nats", other.isExcluded ? "yes" : "no",
                    other.stepsNeeded.map { "about \(counted($0, "step"))" }
                        ?? "no number of such steps tells them apart",
                ]
            })
    }

    private func writeRepetition(to document: inout Document) {
        guard let test = repetition else { return }
        document.heading(2, "Repetition-aware sampling \(test.rule.window)/\(test.rule.limit)")
        let verdict =
            switch test.verdict {
            case .on: "It was on."
            case .off: "It was off."
            case .undecided: "Not enough evidence for on or off."
            }
        func cost(_ steps: Int?, _ side: String) -> String {
            steps.map { "Such a stream would show that it is \(side) after about \(counted($0, "step"))." }
                ?? "No number of such steps would show that it is \(side)."
        }
        document.paragraph(
            "\(verdict) \(counted(test.eligibleRows, "row")) had an id that stands often enough in the window; "
                + "\(test.observedRepeats) drew one. Expected with it on: \(number(test.expectedOn)), with it off: "
                + "\(number(test.expectedOff)). Evidence for on: \(number(test.logEvidenceForOn)) nats. "
                + "\(cost(test.stepsToShowOn, "on")) \(cost(test.stepsToShowOff, "off"))")
    }

    private func writeEnd(to document: inout Document) {
        guard let end else { return }
        document.heading(2, "EOS")
        document.paragraph(end.words)
        document.table(
            ["probability that some codebook draws EOS", "before any processor", "as drawn"],
            [
                [
                    "at most", "\(number(end.largestRaw.probability)) at step \(end.largestRaw.step)",
                    "\(number(end.largest.probability)) at step \(end.largest.step)",
                ],
                [
                    "mean of the last \(EndTrace.recentSteps) steps", number(end.recentRaw),
                    number(end.recent),
                ],
            ])
        let last = trace.last { $0.segment == trace.last?.segment && !$0.codebooks.isEmpty }
        guard let last = trace.last(where: \.drewEos) ?? last else { return }
        document.paragraph("By codebook at step \(last.step)\(last.drewEos ? ", where EOS was drawn" : ""):")
        document.table(
            ["codebook", "P(EOS) before", "P(EOS) as drawn", "rank", "margin to the largest logit"],
            last.codebooks.indices.map { index in
                [
                    "\(last.codebooks[index])", number(last.rawEos[index]), number(last.eos[index]),
                    last.eosRank[index].map(String.init) ?? "not recorded",
                    last.eosMargin[index].map(number) ?? "not recorded",
                ]
            })
    }
}

/// A level as the share of runs that it is right of.
private func confidence(_ level: Double) -> String {
    let percent = 100 - 100 * level
    return "\((percent * 1e6).rounded() / 1e6) %"
}

extension PooledDraws {
    fileprivate func write(to document: inout Document) {
        document.heading(
            1,
            "\(counted(requests.count, "request")) together"
                + (repaired.map { ", with \($0.joined(separator: " and ")) repaired" } ?? ""))
        document.paragraph(
            "\(verdict.words): \(counted(draws, "draw")) of requests that all declare \(declared.words).")
        document.table(
            ["", "setting"],
            [
                ["by the draws, 95 %", region.words],
                ["the same, \(confidence(level))", widestRegion.words],
            ])
    }
}

extension SamplerFindings.Verdict {
    fileprivate var words: String {
        switch self {
        case .consistent: "Consistent"
        case .contradicted: "Contradicted"
        case .undecided: "Undecided"
        }
    }
}
