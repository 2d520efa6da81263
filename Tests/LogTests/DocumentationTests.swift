import AlignmentLogs
import Foundation
import Testing

@Suite("docs/log.md")
struct DocumentationTests {
    private let page: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        page = try String(contentsOf: root.appending(path: "docs/log.md"), encoding: .utf8)
    }

    @Test("holds the catalogue word for word")
    func tables() {
        #expect(page.contains(LogSheet.rules))
        #expect(page.contains(LogSheet.conclusions))
    }

    @Test("holds every id once, and no other")
    func ids() {
        let rows = page.split(separator: "\n").drop { $0 != "## Conclusions" }.filter { $0.hasPrefix("| `") }
        let ids = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        #expect(ids.sorted() == (RuleTable.rules.map(\.id) + ConclusionTable.conclusions.map(\.id)).sorted())
    }
}
