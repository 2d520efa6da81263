/// Writes a report as Markdown.
public struct MarkdownRenderer: Sendable {
    /// A renderer.
    public init() {}

    /// The report as Markdown, each line ended.
    public func render(_ document: Document) -> String {
        document.blocks.map(render).joined(separator: "\n")
    }

    private func render(_ block: Document.Block) -> String {
        switch block {
        case .heading(let level, let text): String(repeating: "#", count: level) + " " + escaped(text) + "\n"
        case .paragraph(let text): escaped(text) + "\n"
        case .list(let items): items.map { "- " + escaped($0) + "\n" }.joined()
        case .verbatim(let lines): lines.map { "    " + printable($0) + "\n" }.joined()
        case .table(let table):
            ([table.columns, table.columns.map { _ in "---" }] + table.rows)
                .enumerated()
                .map { index, row in
                    "| " + row.map { index == 1 ? $0 : escaped($0) }.joined(separator: " | ") + " |\n"
                }
                .joined()
        }
    }

    /// Text that Markdown shows as it stands.
    private func escaped(_ text: String) -> String {
        var result = ""
        for character in printable(text) {
            if "\\`*_{}[]<>|#".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
