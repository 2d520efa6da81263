import AlignmentDiagnosis
import AlignmentWording

extension [Intervention] {
    /// Writes a section of what runs with a repair show: the counts, then sentences.
    func write(to document: inout Document) {
        guard !isEmpty else { return }
        document.heading(1, "Interventions")
        document.paragraph(
            "The same requests under the same seeds, as they are and with a repair. Of those that come out otherwise, p is "
                + "the chance of so many mended had the repair changed nothing.")
        document.table(
            [
                "repaired", "check", "pairs", "fail as is", "fail repaired", "mended", "broken", "p",
                "verdict",
            ],
            flatMap(\.cells))
        document.list(flatMap(\.sentences))
    }
}

extension Intervention {
    private var name: String { asked.isEmpty ? "not recorded" : asked.joined(separator: " and ") }

    fileprivate var cells: [[String]] {
        checks.map { check in
            [name, check.check]
                + [check.pairs, check.asIsFailed, check.repairedFailed, check.mended, check.broken].map {
                    String($0)
                } + [number(check.p), check.verdict.rawValue.replacing("_", with: " ")]
        }
    }

    fileprivate var sentences: [String] {
        let heading = asked.isEmpty ? "a repair that was not recorded" : name
        return (checks.map { "\($0.why)." } + (note.map { [$0] } ?? [])).map { "\(heading): \($0)" }
    }
}
