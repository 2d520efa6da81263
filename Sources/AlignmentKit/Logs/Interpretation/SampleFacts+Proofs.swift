internal import AlignmentJSON

extension SampleFacts {
    /// All that is proven, in the order of the pipeline.
    ///
    /// - Parameter flags: what the run set before.
    func proofs(_ flags: RunFlags) -> [LogProof] {
        placeholderProofs(flags) + budgetProofs + endingProofs + tokenProofs + diversityProofs + energyProofs
            + [reference, outcome].compactMap { $0 }
    }

    private var reference: LogProof? {
        guard let shown = last("reference-sound"), let energy = shown.values.number("energy"),
            !(energy >= 1e-6)
        else {
            return nil
        }
        return LogProof(
            .placeholders, .wrong, "reference-silent", lines: [shown.line],
            values: ["energy": .number(energy)],
            "The reference's sound file has a mean square of \(Self.text(energy)).")
    }

    private var outcome: LogProof? {
        let failures = ["no-audio", "empty-codes", "generation-error", "sample-failed"].flatMap { all($0) }
        guard let first = failures.first else { return nil }
        return LogProof(
            .outcome, .failed, level: .defect, lines: failures.map(\.line),
            deviations: Array(Set(failures.flatMap(\.rule.deviations))).sorted(),
            "No sound was made: \(first.rule.means)")
    }
}
