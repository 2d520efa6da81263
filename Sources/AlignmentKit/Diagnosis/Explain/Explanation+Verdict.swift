import AlignmentStages

/// What explains the failed checks, and what came of it all.
extension Explanation {
    /// Settles it from the causes, the settings, the stages and the checks.
    ///
    /// - Parameter isStrict: settings that have an effect make exit code 1.
    mutating func judge(isStrict: Bool) {
        for index in checks.indices where checks[index].status == .failed {
            checks[index].explainedBy = explaining(check: checks[index].check)
        }
        verdict = settledVerdict
        exitCode = verdict.exitCode
        if isStrict, verdict == .aligned, !settings.isEmpty { exitCode = 1 }
    }

    private var settledVerdict: Verdict {
        let captured = stages.filter { $0.status != .notCaptured }
        let unexplained =
            causes.contains { $0.proof == .none }
            || checks.contains { $0.status == .failed && $0.explainedBy.isEmpty }
        let hasJudged = captured.contains { $0.status != .undecided }
        if !hasJudged && causes.isEmpty { return .incomparable }
        if unexplained { return .unexplained }
        // A setting may explain a failed check where nothing else is wrong.
        if !causes.isEmpty || checks.contains(where: { $0.status == .failed }) { return .explained }
        if captured.contains(where: { $0.status == .undecided }) { return .incomparable }
        return .aligned
    }

    /// The causes that explain a failed check: at or before its stage, and not refuted.
    private func explaining(check: String) -> [String] {
        let order = AlignmentStages.Stage.allCases
        let last = order.firstIndex(of: Self.stage(of: check)) ?? 0
        let rows = causes.flatMap { [$0] + $0.consequences } + settings
        return rows.filter { row in
            row.proof != .none && order.firstIndex(of: row.stage) ?? 0 <= last && row.explains(check)
        }.map(\.id)
    }

    /// The stage whose output a check looks at.
    private static func stage(of check: String) -> AlignmentStages.Stage {
        switch check {
        case "energy", "finite_samples": .decode
        case "token_sequence": .tokens
        default: .generation
        }
    }
}

extension Explanation.Cause {
    /// The sound is as good as none without it too: what a file of 16 bits takes away is not why it is silent.
    private var leavesSilence: Bool { recovery?.energyAfter.map { $0 < SoundLevel.gate } ?? false }

    /// Whether a failure of a check behind its stage is laid to it.
    fileprivate func explains(_ check: String) -> Bool {
        guard attribution != .notShown else { return false }
        let isTold = attribution == .shown || attribution == .needsIntervention
        switch kind {
        case .defect: return isTold
        case .limit, .setting, .never:
            if id == "collator.reference-not-conditioned" { return isTold }
            return attribution == .shown && !(check == "energy" && leavesSilence)
        case .symptom:
            if id == "collator.reference-not-conditioned" { return true }
            return check == "eos"
                && [
                    "generation.budget", "generation.eos-starved", "generation.runaway",
                    "generation.no-audio",
                ]
                .contains(id)
        }
    }
}
