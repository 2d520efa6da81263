import AlignmentDiagnosis
import AlignmentWording

extension CapturedProfileSheet {
    private var subject: String {
        switch samples.count {
        case 0: "The archive's profile"
        case 1: "Sample \(samples[0])"
        default: "Samples \(samples[0]) to \(samples[samples.count - 1])"
        }
    }

    /// One sentence with the knobs that differ.
    var sentence: String {
        guard counts.differs > 0 else { return "\(subject): no knob seen differs from \(reference)." }
        let knobs = knobs.filter { $0.status == .differs }
            .map { "\($0.key) \($0.captured ?? "") (\($0.reference))" }
        return "\(subject): \(counted(counts.differs, "knob")) not as \(reference) has: "
            + knobs.joined(separator: ", ") + "."
    }

    /// All knobs that were captured, for people.
    var blocks: [Document.Block] {
        var document = Document()
        document.heading(2, "\(subject) against \(reference)")
        let all = counts.equal + counts.differs + counts.notSeen + counts.notUnderstood
        document.paragraph(
            "Of \(all) knobs \(counts.differs) differ, \(counts.equal) are equal, \(counts.notSeen) were not seen "
                + "and \(counts.notUnderstood) not understood. Runs take the reference's value for the last two."
        )
        document.table(
            ["knob", "captured", "reference", "what it does"],
            knobs.filter { $0.status == .differs }.map {
                [$0.key, $0.captured ?? "", $0.reference, $0.summary]
            })
        var sentences = rows(.notUnderstood, "Not understood")
        sentences += rows(.notSeen, "Not seen") { $0.key }
        sentences += rows(.equal, "Equal") { "\($0.key) \($0.captured ?? "")" }
        sentences += words(recorded, "Recorded, read by no stage")
        sentences += words(unknown, "Not known to this version")
        document.list(sentences)
        return document.blocks
    }

    private func rows(
        _ status: Status, _ title: String, _ words: (Row) -> String = { "\($0.key) \($0.captured ?? "")" }
    ) -> [String] {
        let found = knobs.filter { $0.status == status }.map(words)
        return found.isEmpty ? [] : ["\(title): \(found.joined(separator: ", "))."]
    }

    private func words(_ keys: [Key], _ title: String) -> [String] {
        keys.isEmpty
            ? [] : ["\(title): " + keys.map { "\($0.key) \($0.value)" }.joined(separator: ", ") + "."]
    }
}
