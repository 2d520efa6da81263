import AlignmentKit

/// The files of a gate's report. All are made before the first is written.
struct GateFiles {
    private var files: [(name: String, data: [UInt8])]
    /// Why there is no page; nil if there is one.
    private(set) var pageProblem: String?

    init(
        _ report: GateReport, evidence: GateEvidence, views: [CaptureView], sound: SoundProfile
    ) throws {
        files = [
            ("report.md", Array(MarkdownRenderer().render(report.document()).utf8)),
            ("junit.xml", Array(report.junit.utf8)),
        ]
        do {
            let page = try PageMaker.page(report, evidence: evidence, views: views, sound: sound)
            files.append(("report.html", Array(page.html.utf8)))
        } catch { pageProblem = "\(error)" }
        // Last: whoever finds it finds the others of the same run beside it.
        files.append(("report.json", Array(try JSONText.encode(report)) + Array("\n".utf8)))
    }

    /// Writes them into a folder, which is made if it is not there; other files in it stay.
    func write(into folder: String) throws(InputFailure) {
        try ReportFile.makeFolder(folder)
        for (name, data) in files { try ReportFile.write(data, to: "\(folder)/\(name)") }
    }
}
