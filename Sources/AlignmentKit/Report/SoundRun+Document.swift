import AlignmentAcoustics
import AlignmentWording

extension SoundRun {
    /// The run for people: what it says as a whole, then the files that matter, the worst first.
    ///
    /// - Parameter rows: the most files in the table; nil for all.
    func document(rows: Int?) -> Document {
        var document = Document()
        document.paragraph(summary)
        if verdicts.count > 1 {
            document.table(
                ["verdict", "files"],
                SoundVerdict.allCases.compactMap { verdict in
                    verdicts[verdict.rawValue].map { [verdict.rawValue, "\($0)"] }
                })
        }
        let shown = rows.map { Array(worstFirst.prefix($0)) } ?? worstFirst
        document.table(["verdict", "level", "seconds", "AC energy", "file"], shown.map(\.row))
        if shown.count < files.count {
            document.paragraph(
                "\(files.count - shown.count) more files are not shown; --all shows them, --format json has everything."
            )
        }
        document.list(
            // Why a file could not be read is a message, not a result.
            shown.filter { $0.measures != nil }.flatMap { file in
                file.findings.compactMap { finding in
                    file.evidence[finding.id].map { "\(file.path): \(finding.id). \($0)" }
                } + [file.reference.map { "\(file.path): \($0.sentence)" }].compactMap { $0 }
            })
        return document
    }
}

extension SoundResult {
    fileprivate var row: [String] {
        [
            verdict.rawValue, level?.rawValue ?? "-", measures.map { number($0.seconds) } ?? "-",
            measures.map { number($0.acEnergy) } ?? "-", path,
        ]
    }
}
