public import AlignmentLogs

extension LogReport {
    /// The report for people: the run in a sentence, then what was found, the most serious first.
    ///
    /// - Parameter withRequests: whether each request is shown, too.
    public func document(withRequests: Bool = false) -> Document {
        var document = Document()
        document.paragraph(sentence)
        for file in files {
            if files.count > 1 {
                document.heading(1, file.path)
                document.paragraph(file.sentence)
            }
            for finding in file.findings { finding.write(to: &document) }
            if withRequests { document.requests(of: file) }
        }
        return document
    }
}

extension LogFinding {
    fileprivate func write(to document: inout Document) {
        let lines = count == 1 ? "line \(line)" : "line \(line) and \(count - 1) more"
        document.heading(2, "\(id) (\(level.rawValue), \(lines))")
        document.paragraph(sentence)
        if !means.isEmpty { document.paragraph("It means: \(means)") }
        if !doesNotMean.isEmpty { document.paragraph("It does not mean: \(doesNotMean)") }
        if !deviations.isEmpty { document.paragraph("See \(deviations.joined(separator: ", ")).") }
        document.verbatim(examples.prefix(2).map { "\($0.line): \($0.text)" })
    }
}

extension Document {
    fileprivate mutating func requests(of file: LogFile) {
        heading(2, "Requests")
        table(
            ["request", "lines", "about", "verdict", "what is proven"],
            file.samples.flatMap { sample in
                sample.proofs.map { proof in
                    [
                        "\(sample.index ?? sample.position)", "\(sample.firstLine)-\(sample.lastLine)",
                        proof.subject.rawValue.words, proof.verdict.rawValue.words, proof.sentence,
                    ]
                }
            })
    }
}

extension String {
    fileprivate var words: String { split(separator: "_").joined(separator: " ") }
}
