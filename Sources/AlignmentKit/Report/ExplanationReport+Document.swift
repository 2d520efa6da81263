package import AlignmentDiagnosis
import AlignmentStages
import AlignmentWording

extension ExplanationReport {
    /// The report for people: the cause first, then the evidence, the fix and what it will do.
    public var document: Document {
        var document = Document()
        for sample in samples { sample.write(to: &document) }
        if samples.isEmpty {
            document.heading(1, path)
            document.paragraph("Not comparable: \(Self.onlyRepaired).")
        }
        document.blocks += beside.blocks
        return document
    }

    /// What stands beside the requests: runs with a repair, and a log.
    public var beside: Document {
        var document = Document()
        (interventions ?? []).write(to: &document)
        log?.write(to: &document)
        return document
    }
}

extension ExplanationReport {
    /// The verdict in a sentence: that of the first request that has it.
    public var sentence: String {
        samples.first { $0.verdict == verdict }?.headline ?? "Not comparable: \(Self.onlyRepaired)."
    }
}

extension Explanation {
    fileprivate func write(to document: inout Document) {
        document.heading(1, "\(path), sample \(sample)")
        document.paragraph(headline)
        for cause in causes { write(cause, to: &document) }
        if !settings.isEmpty {
            document.heading(2, "Settings that have an effect here")
            document.list(settingLines)
        }
        document.heading(2, "Stages")
        document.list(stages.map { "\($0.stage.rawValue), \($0.status.words): \($0.why)" })
        let failed = checks.filter { $0.status == .failed || $0.status == .warned }
        if !failed.isEmpty {
            document.heading(2, "Checks")
            document.list(
                failed.map { check in
                    "\(check.check), \(check.status.rawValue): \(check.why)"
                        + (check.status == .warned
                            ? ""
                            : check.explainedBy.isEmpty
                                ? ". Nothing found explains it"
                                : ". Explained by \(check.explainedBy.joined(separator: ", "))")
                })
        }
        if !harmless.isEmpty {
            document.heading(2, "Different, and without effect here")
            document.list(harmlessLines)
        }
        if !notTested.isEmpty {
            document.heading(2, "Not tested")
            document.list(notTestedLines)
        }
        document.list(notes)
    }

    /// Each setting that has an effect here, in a line.
    package var settingLines: [String] {
        settings.map {
            "\($0.id): \($0.evidence.first ?? $0.title)"
                + ($0.isShownByRuns ? "; paired runs show that it matters" : "")
        }
    }

    /// Each deviation without an effect here, in a line.
    package var harmlessLines: [String] {
        harmless.map { "\($0.id): \($0.evidence.first ?? $0.title)" }
    }

    /// What could not be decided, by what the capture lacks for it.
    package var notTestedLines: [String] {
        let groups = Dictionary(grouping: notTested, by: \.needs)
        return groups.keys.sorted().map { needs in
            "Without \(needs): " + (groups[needs] ?? []).map(\.id).joined(separator: ", ")
        }
    }

    /// The verdict in a sentence, the cause first.
    package var headline: String {
        switch verdict {
        case .aligned:
            settings.isEmpty
                ? "Aligned: every stage gives what \(reference) gives from the same input."
                : "Aligned: every stage gives what \(reference) gives from the same input, but for settings."
        case .explained:
            "Explained: the pipeline \(leading?.title ?? "has a cause")"
                + (standing.count > 1 ? ", and \(counted(standing.count - 1, "more cause"))." : ".")
        case .unexplained:
            if let cause = standing.first(where: { $0.proof != .none }) {
                "Explained in part: the pipeline \(cause.title); something else remains unexplained."
            } else {
                "Unexplained: \(unexplainedPart)."
            }
        case .incomparable: "Not comparable: \(incomparablePart)."
        }
    }

    private var incomparablePart: String {
        let undecided = stages.filter { $0.status == .undecided }.map(\.stage.rawValue)
        guard stages.contains(where: { $0.status == .innocent }), !undecided.isEmpty else {
            return "nothing that was captured could be judged"
        }
        return "no cause was found, and what was captured of \(undecided.joined(separator: " and ")) "
            + "is too little to judge"
    }

    /// Causes that no paired runs refute.
    private var standing: [Explanation.Cause] { causes.filter { !$0.isRefutedByRuns } }

    /// The cause to name first; a setting where paired runs show that one fails a check and nothing else is wrong.
    private var leading: Explanation.Cause? {
        standing.first ?? settings.first(where: \.isShownByRuns)
            ?? settings.first { $0.attribution == .shown } ?? causes.first
    }

    private var unexplainedPart: String {
        if let cause = standing.first { return "the pipeline \(cause.title)" }
        let names = checks.filter { $0.status == .failed && $0.explainedBy.isEmpty }.map(\.check)
        if !causes.isEmpty {
            return
                "paired runs show that nothing found is why the check \(names.joined(separator: ", ")) fails"
        }
        return "every captured stage is innocent, and yet the check \(names.joined(separator: ", ")) fails"
    }

    private func write(_ cause: Cause, to document: inout Document) {
        document.heading(2, "\(cause.id) (\(cause.kind.rawValue))")
        document.blocks += body(of: cause).blocks
    }

    /// What is said of a cause below its heading.
    package func body(of cause: Cause) -> Document {
        var document = Document()
        document.paragraph("The pipeline \(cause.title).")
        let changes = cause.changes.map(\.sentence)
        document.list(cause.evidence.filter { !changes.contains($0) })
        if !cause.identified, !cause.equivalent.isEmpty {
            document.paragraph(
                "On this capture the same output comes of "
                    + cause.equivalent.map { $0.joined(separator: " with ") }.joined(separator: ", or of ")
                    + "; \(cause.wouldSeparate ?? "nothing recorded tells them apart").")
        }
        document.paragraph("Fix: \(cause.fix).")
        document.verbatim(cause.changes.flatMap(\.lines) + (cause.site?.lines ?? []))
        document.paragraph(effect(of: cause))
        document.list(
            cause.consequences.map { consequence in
                "Follows from it: \(consequence.id), the pipeline \(consequence.title)"
                    + (consequence.effectHere == .preventsRaise
                        ? " (it only hides that upstream raises)" : "")
                    + (consequence.evidence.first.map { ": \($0)" } ?? "")
            })
        return document
    }

    private func effect(of cause: Cause) -> String {
        let recovery = cause.recovery
        switch cause.attribution {
        case .shown:
            guard let recovery, let after = recovery.energyAfter else {
                return "Attribution: shown. Without it the stage gives another output."
            }
            let before = recovery.energyBefore.map { number($0) } ?? "no sound"
            if recovery.replay == Explanation.Recovery.intervention {
                return
                    "Attribution: shown by paired runs. With the fix the median AC energy goes from \(before) to "
                    + "\(number(after))."
            }
            return "Attribution: shown. With the fix the AC energy goes from \(before) to \(number(after))"
                + (recovery.samplesBefore == recovery.samplesAfter
                    ? ""
                    : ", and the length from \(recovery.samplesBefore ?? 0) to \(recovery.samplesAfter ?? 0) samples")
                + "."
        case .notShown:
            return cause.isRefutedByRuns
                ? "Attribution: not shown. Runs with the fix fail as those without do."
                : "Attribution: not shown. Without it the sound is the same."
        case .consistent:
            return "Attribution: consistent with what was recorded; no run without it was possible."
        case .needsIntervention:
            return "Attribution: a new run of the model is needed to hear what the fix does."
        }
    }
}

extension Explanation.Change {
    /// The change as lines of a diff of the profile.
    fileprivate var lines: [String] {
        ["  - \(knob): \(captured.compactText)", "  + \(knob): \(reference.compactText)"]
    }
}

extension CallSite {
    fileprivate var lines: [String] { ["  at \(file):\(line), in \(function):", "      \(source)"] }
}

extension Explanation.StageStatus {
    /// As people read it.
    package var words: String { rawValue.replacing("_", with: " ") }
}
