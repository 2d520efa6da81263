public import AlignmentReport
internal import AlignmentWording

extension GateReport {
    /// The report for people: what fails first, then the figures, then what passes by leave.
    ///
    /// - Parameter rows: the most rows of a table. The rest is counted, and in JSON.
    public func document(rows limit: Int = 200) -> Document {
        var document = Document()
        document.heading(1, "\(policy.name): \(verdict.rawValue)")
        document.paragraph(sentence)
        writeRows([.incomparable, .failed], to: &document, under: "What keeps it from passing", limit)
        document.blocks += figures.blocks
        writeRows([.waived, .allowed], to: &document, under: "Let pass", limit)
        if !notes.isEmpty {
            document.heading(2, "The policy")
            document.list(notes)
        }
        document.paragraph("\(inputWords), judged by \(policyWords) as of \(judgedOn), with \(tool).")
        return document
    }

    /// The metrics, and what changed since the baseline.
    package var figures: Document {
        var document = Document()
        writeMetrics(to: &document)
        writeBaseline(to: &document)
        return document
    }

    private func writeRows(
        _ statuses: [Status], to document: inout Document, under heading: String, _ limit: Int
    ) {
        let chosen = rows.filter { statuses.contains($0.status) }
        guard !chosen.isEmpty else { return }
        document.heading(2, heading)
        document.list(chosen.prefix(limit).map(\.words))
        if chosen.count > limit {
            document.paragraph("\(chosen.count - limit) more are not shown; report.json has them.")
        }
    }

    private func writeMetrics(to document: inout Document) {
        guard !metrics.isEmpty else { return }
        document.heading(2, "Metrics")
        document.table(
            ["metric", "value", "bounds", "status", "what it is"],
            metrics.map { metric in
                [
                    metric.metric.rawValue, metric.value.map { number($0) } ?? "-", metric.boundWords,
                    metric.status.rawValue.replacing("_", with: " "), metric.metric.words,
                ]
            })
    }

    private func writeBaseline(to document: inout Document) {
        guard let baseline else { return }
        document.heading(2, "Since \(baseline.file)")
        document.paragraph(baseline.sentence)
        document.table(
            ["change", "finding", "input"],
            [
                ("new", baseline.new), ("fixed", baseline.fixed), ("let pass", baseline.letPass),
                ("not judged", baseline.notJudged),
            ].flatMap {
                change, rows in rows.map { [change, $0.id, $0.place] }
            })
        document.table(
            ["metric", "before", "now"],
            baseline.drift.map { drift in
                [drift.metric.rawValue] + contrasted(drift.before, drift.after)
            })
    }

    private func contrasted(_ before: Double?, _ after: Double?) -> [String] {
        guard let before, let after else { return [before, after].map { $0.map { number($0) } ?? "-" } }
        let (left, right) = contrast(before, after)
        return [left, right]
    }

    private var policyWords: String { policy.file.map { "\(policy.name) (\($0))" } ?? policy.name }

    private var inputWords: String {
        let kinds = Input.Kind.allCases.compactMap { kind in
            let count = inputs.count { $0.kind == kind }
            return count == 0 ? nil : counted(count, kind.noun)
        }
        return kinds.isEmpty ? "No input" : kinds.joined(separator: ", ")
    }
}

extension GateReport.Input.Kind {
    fileprivate var noun: String {
        switch self {
        case .capture: "capture"
        case .sound: "sound file"
        case .log: "log"
        }
    }
}

extension GateReport.Row {
    /// The row in a line or two.
    fileprivate var words: String {
        "\(status.rawValue): \(id)\(input == nil ? "" : " in \(place)"). \(why)"
            + (fix.map { " Fix: \($0)." } ?? "")
    }

    /// The input, and the request of a capture.
    package var place: String {
        guard let input else { return "-" }
        return input + (sample.map { ", \($0)" } ?? "")
    }
}

extension GateReport.Baseline {
    /// What changed, in one sentence.
    package var sentence: String {
        var parts = [counted(new.count, "new failure"), "\(fixed.count) fixed"]
        if !letPass.isEmpty { parts.append("\(letPass.count) let pass") }
        if !notJudged.isEmpty { parts.append("\(notJudged.count) not judged this time") }
        parts.append("\(counted(drift.count, "metric")) with another value")
        return parts.joined(separator: ", ") + "."
    }
}

extension GateReport.Metric {
    /// The policy's bounds, as a table has them.
    package var boundWords: String {
        var parts: [String] = []
        if let atLeast { parts.append("at least \(number(atLeast))") }
        if let atMost { parts.append("at most \(number(atMost))") }
        if let changeAtMost { parts.append("change at most \(number(changeAtMost))") }
        return parts.isEmpty ? "-" : parts.joined(separator: ", ")
    }
}
