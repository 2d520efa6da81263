public import AlignmentGate
public import AlignmentLogs
public import AlignmentParity
public import AlignmentReport
internal import AlignmentWording
internal import Crypto
internal import Foundation

/// A report as one HTML file that needs no other: it works from the disk, without a network.
///
/// Its text is that of the other formats, its markup is of parts that escape what they are given, and the content
/// security policy lets no script run but the page's own, by its hash.
public struct ReportPage: Sendable {
    /// The command that it is of.
    public var command: String
    /// The title.
    public var title: String
    /// One word for what came of it.
    public var verdict: String
    /// The verdict in a sentence.
    public var sentence: String
    /// The gate's report, for the page of a gate.
    public var gate: GateReport?
    /// The requests of captures.
    public var requests: [PageRequest] = []
    /// What stands beside the requests, such as runs with a repair; empty for nothing.
    public var beside = Document()
    /// Comparisons with golden archives.
    public var comparisons: [ArchiveComparison] = []
    /// Sound files, and a picture of the first of them as SVG.
    public var sound: (report: SoundReport, picture: String)?
    /// Logs.
    public var logs: LogReport?
    /// What else the reader should know.
    public var notes: [String] = []
    /// Name, version and commit of the program.
    public var tool: String

    /// A page.
    public init(command: String, title: String, verdict: String, sentence: String, tool: String) {
        (self.command, self.title, self.verdict, self.sentence) = (command, title, verdict, sentence)
        self.tool = tool
    }

    /// The page of a gate's report.
    public init(_ report: GateReport) {
        self.init(
            command: "gate", title: report.policy.name, verdict: report.verdict.rawValue,
            sentence: report.sentence, tool: report.tool)
        gate = report
    }

    /// The file.
    public var html: String {
        let style = String(decoding: PackageResources.page_css, as: UTF8.self)
        let script = String(decoding: PackageResources.page_js, as: UTF8.self)
        let hash = Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
        let policy =
            "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; script-src 'sha256-\(hash)'"
        var html = HTMLText()
        html.raw(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">

            """)
        html.element("title", text: "\(title): \(verdict)")
        html.raw("<style>\(style)</style></head><body>\n")
        html.element("a", [("class", "skip"), ("href", "#main")], text: "To the report")
        writeHeader(to: &html)
        writeContents(to: &html)
        html.element("main", [("id", "main")]) { html in
            writeGate(to: &html)
            for (index, request) in requests.enumerated() { request.write(to: &html, id: "r\(index)") }
            writeBeside(to: &html)
            writeComparisons(to: &html)
            writeSound(to: &html)
            writeLogs(to: &html)
            writeAbout(to: &html)
        }
        html.raw("<script>\(script)</script></body></html>\n")
        return html.markup
    }

    private func writeHeader(to html: inout HTMLText) {
        html.element("header", [("class", "top")]) { html in
            html.element("p", [("class", "kind")], text: "higgs-diagnose \(command)")
            html.element("h1", text: title)
            html.element("p", [("class", "verdict"), ("data-status", verdict)]) { html in
                html.element("strong", text: verdict)
                html.text(" \(sentence)")
            }
        }
    }

    private func writeContents(to html: inout HTMLText) {
        var entries: [(id: String, title: String, state: String)] = []
        if let gate { entries.append(("gate", "Gate", gate.verdict.rawValue)) }
        if requests.count == 1, gate == nil {
            entries += requests[0].parts(id: "r0")
        } else {
            entries += requests.enumerated().map { ("r\($0)", $1.title, $1.verdict) }
        }
        if !beside.blocks.isEmpty { entries.append(("beside", "Beside it", "")) }
        if !comparisons.isEmpty { entries.append(("goldens", "Golden archives", "")) }
        if sound != nil { entries.append(("sounds", "Sound files", "")) }
        if logs != nil { entries.append(("logs", "Logs", "")) }
        entries.append(("about", "How this was made", ""))
        html.element("nav", [("class", "contents"), ("aria-label", "Contents")]) { html in
            html.element("ol") { html in
                for entry in entries {
                    html.element("li", [("data-status", entry.state)]) { html in
                        html.element("a", [("href", "#\(entry.id)")], text: entry.title)
                        html.raw(" ")
                        html.element("span", [("class", "state")], text: entry.state)
                    }
                }
            }
        }
    }

    private func writeGate(to html: inout HTMLText) {
        guard let gate else { return }
        html.element("section", [("class", "gate"), ("id", "gate")]) { html in
            html.element("h2", text: "Gate")
            html.table(
                Document.Table(
                    ["status", "finding", "input", "why", "fix"],
                    gate.rows.map { [$0.status.rawValue, $0.id, $0.place, $0.why, $0.fix ?? ""] }))
            html.document(gate.figures, level: 2)
            html.folded("The policy", gate.notes)
        }
    }

    private func writeBeside(to html: inout HTMLText) {
        guard !beside.blocks.isEmpty else { return }
        html.element("section", [("class", "beside"), ("id", "beside")]) { html in
            html.document(beside, level: 2)
        }
    }

    private func writeComparisons(to html: inout HTMLText) {
        guard !comparisons.isEmpty else { return }
        html.element("section", [("class", "goldens"), ("id", "goldens")]) { html in
            html.element("h2", text: "Golden archives")
            html.document(
                ComparisonReport(comparisons: comparisons, failures: []).document(
                    isTable: comparisons.count > 1))
        }
    }

    private func writeSound(to html: inout HTMLText) {
        guard let sound else { return }
        html.element("section", [("class", "sounds"), ("id", "sounds")]) { html in
            html.element("h2", text: "Sound files")
            html.element("p", text: sound.report.run.summary)
            html.element("div", [("class", "picture scroll"), ("tabindex", "0")]) { $0.raw(sound.picture) }
            html.table(sound.report.table)
            var metrics = Document()
            metrics.writeMetrics(sound.report.successMetrics)
            html.document(metrics, level: 2)
        }
    }

    private func writeLogs(to html: inout HTMLText) {
        guard let logs else { return }
        html.element("section", [("class", "logs"), ("id", "logs")]) { html in
            html.element("h2", text: "Logs")
            html.document(logs.document())
        }
    }

    private func writeAbout(to html: inout HTMLText) {
        html.element("section", [("class", "about"), ("id", "about")]) { html in
            html.element("h2", text: "How this was made")
            var facts = [("program", tool), ("command", "higgs-diagnose \(command)")]
            if let gate {
                facts.append(("policy", gate.policy.file ?? gate.policy.name))
                facts.append(("waivers judged as of", gate.judgedOn))
                facts.append(("strict", gate.policy.strict ? "yes" : "no"))
            }
            html.facts(facts)
            html.list(notes)
        }
    }
}
