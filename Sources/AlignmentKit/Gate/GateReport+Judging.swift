internal import AlignmentJSON
public import AlignmentReport
internal import AlignmentWording
internal import Foundation

extension GateReport {
    init(
        _ rows: [Row], metrics: [Metric], inputs: [Input], baseline: (file: String, report: GateReport)?,
        goldens: [String], notes: [String], policy: Policy, judgedOn: GateDay, tool: String
    ) {
        let counts = Counts(rows)
        verdict = counts.incomparable > 0 ? .incomparable : counts.failed > 0 ? .failed : .passed
        let order = Status.allCases
        self.rows = rows.enumerated().sorted { left, right in
            let ranks = (
                order.firstIndex(of: left.element.status) ?? 0,
                order.firstIndex(of: right.element.status) ?? 0
            )
            return (ranks.0, left.offset) < (ranks.1, right.offset)
        }.map(\.element)
        self.counts = counts
        self.metrics = metrics
        self.inputs = inputs
        self.notes = notes
        self.policy = policy
        self.judgedOn = "\(judgedOn)"
        self.tool = tool
        exitCode = verdict.exitCode
        sentence = Self.sentence(verdict, counts, self.rows)
        self.baseline = baseline.map { Baseline(of: self, $0.report, file: $0.file, goldens: goldens) }
    }

    private static func sentence(_ verdict: Verdict, _ counts: Counts, _ rows: [Row]) -> String {
        let total = counted(rows.count, "row")
        let first = rows.first.map { row in
            row.id + (row.input.map { " in \($0)" } ?? "")
        }
        var passed = [
            counts.waived > 0 ? "\(counts.waived) waived" : "",
            counts.allowed > 0 ? "\(counts.allowed) allowed" : "",
        ].filter { !$0.isEmpty }.joined(separator: ", ")
        if !passed.isEmpty { passed = ", \(passed)" }
        switch verdict {
        case .passed: return "Nothing of \(total) fails\(passed)."
        case .failed: return "\(counts.failed) of \(total) fail\(passed), the first is \(first ?? "")."
        case .incomparable:
            return "\(counts.incomparable) of \(total) could not be compared"
                + (counts.failed > 0 ? ", \(counts.failed) fail" : "")
                + "\(passed), the first is \(first ?? "")."
        }
    }

    /// Reads the JSON of an earlier report.
    ///
    /// - Throws: `InputFailure`, one sentence that names the file.
    public init(file: String) throws(InputFailure) {
        func failure(_ clause: String) -> InputFailure {
            InputFailure(
                path: file, message: "\(file) \(clause), expected the report.json of an earlier gate.")
        }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw failure(
                FileManager.default.fileExists(atPath: file) ? "could not be read" : "does not exist")
        }
        guard let version = (try? JSONText.parse(data))?["schema_version"] else {
            throw failure("is no JSON with a schema_version")
        }
        guard version.int == 1 else {
            throw failure("has schema_version \(version.compactText), and this version reads 1")
        }
        do { self = try JSONText.decode(GateReport.self, from: data) } catch {
            throw failure("is another JSON document")
        }
    }

    /// The value that a metric has here; nil where it has none.
    func value(of metric: GateMetric) -> Double? { metrics.first { $0.metric == metric }?.value }
}

extension GateReport.Baseline {
    /// - Parameter goldens: archives that were compared with, which are no inputs.
    init(of now: GateReport, _ earlier: GateReport, file: String, goldens: [String]) {
        self.file = file
        let before = earlier.rows.filter(\.isFailure)
        let failed = Set(before.map(\.key))
        new = now.rows.filter { $0.isFailure && !failed.contains($0.key) }
        let still = Set(now.rows.filter(\.isFailure).map(\.key))
        let gone = before.filter { !still.contains($0.key) }
        let passing = Set(now.rows.filter { $0.status == .allowed || $0.status == .waived }.map(\.key))
        letPass = gone.filter { passing.contains($0.key) }
        // Of what was not looked at, or not asked for, nobody knows that it is mended.
        let unread = Set(now.rows.filter { $0.status == .incomparable }.map(\.input))
        let requests = Set(now.rows.map { [$0.input, $0.sample] })
        let isJudged = { (row: GateReport.Row) -> Bool in
            guard let input = row.input else {
                return now.rows.contains { $0.id == row.id && $0.input == nil }
            }
            if goldens.contains(input) { return true }
            return !unread.contains(input) && requests.contains([input, row.sample])
        }
        let others = gone.filter { !passing.contains($0.key) }
        fixed = others.filter(isJudged)
        notJudged = others.filter { !isJudged($0) }
        drift = GateMetric.allCases.compactMap { metric in
            let (before, after) = (earlier.value(of: metric), now.value(of: metric))
            guard before != after else { return nil }
            return GateReport.Drift(metric: metric, before: before, after: after)
        }
    }
}
