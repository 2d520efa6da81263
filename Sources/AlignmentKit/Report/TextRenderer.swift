internal import AlignmentWording

/// Writes a report as text for a terminal or a file.
public struct TextRenderer: Sendable {
    /// Widest line, in characters. Cells are wrapped to fit.
    public var width = 100
    /// Colours status words. They are words all the same.
    public var isColoured = false

    /// A renderer of these settings.
    public init(isColoured: Bool = false) { self.isColoured = isColoured }

    /// The report as text, each line ended.
    public func render(_ document: Document) -> String {
        document.blocks.map(render).joined(separator: "\n")
    }

    private func render(_ block: Document.Block) -> String {
        switch block {
        case .heading(let level, let text):
            let safe = printable(text)
            return level > 2
                ? safe + "\n"
                : safe + "\n" + String(repeating: level == 1 ? "=" : "-", count: safe.count) + "\n"
        case .paragraph(let text):
            return wrap(printable(text), to: width).joined(separator: "\n") + "\n"
        case .list(let items):
            return items.map { item in
                let lines = wrap(printable(item), to: width - 2)
                return lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 + "\n" }.joined()
            }.joined()
        case .table(let table):
            return render(table)
        case .verbatim(let lines):
            return lines.map { trimmingEnd(printable($0)) + "\n" }.joined()
        }
    }

    private func render(_ table: Document.Table) -> String {
        let cells = ([table.columns] + table.rows).map { $0.map(printable) }
        let widths = columnWidths(cells)
        var lines: [String] = []
        for (index, row) in cells.enumerated() {
            let wrapped = zip(row, widths).map { wrap($0, to: $1) }
            for line in 0..<(wrapped.map(\.count).max() ?? 0) {
                let parts = zip(wrapped, widths).map { cell, width in
                    padded(cell.indices.contains(line) ? cell[line] : "", to: width)
                }
                lines.append(trimmingEnd(parts.joined(separator: "  ")))
            }
            if index == 0 {
                lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Natural widths, the widest columns narrowed until the table fits; words stay whole while they can.
    private func columnWidths(_ cells: [[String]]) -> [Int] {
        var widths = (0..<cells[0].count).map { column in
            cells.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        let room = width - 2 * (widths.count - 1)
        let longestWords = (0..<widths.count).map { column in
            cells.flatMap { $0.indices.contains(column) ? $0[column].split(separator: " ") : [] }
                .map(\.count).max() ?? 0
        }
        for least in [longestWords, widths.map { _ in 8 }] {
            while widths.reduce(0, +) > room,
                let widest = widths.indices.filter({ widths[$0] > least[$0] })
                    .max(by: { widths[$0] < widths[$1] })
            {
                widths[widest] -= 1
            }
        }
        return widths
    }

    private func padded(_ text: String, to width: Int) -> String {
        coloured(text) + String(repeating: " ", count: max(width - text.count, 0))
    }

    private func coloured(_ text: String) -> String {
        guard isColoured, let code = Self.colours[text] else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private static let colours = [
        "equal": 32, "within tolerance": 32, "passed": 32, "met": 32,
        "differs": 31, "raised": 31, "failed": 31, "missed": 31, "defect": 31, "incomparable": 31,
        "waived": 33, "allowed": 33, "no value": 31, "warned": 33, "not computed": 33, "not rated": 33,
        "setting": 33,
    ]
}

/// The text without control characters.
func printable(_ text: String) -> String { MarkupText.printable(text) }

/// Lines of at most `width` characters, broken at spaces where there are some.
func wrap(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
        var word = Substring(word)
        if !line.isEmpty && line.count + 1 + word.count > width {
            lines.append(line)
            line = ""
        }
        while word.count > width {
            if !line.isEmpty {
                lines.append(line)
                line = ""
            }
            lines.append(String(word.prefix(width)))
            word = word.dropFirst(width)
        }
        line = line.isEmpty ? String(word) : line + " " + word
    }
    return lines + [line]
}

private func trimmingEnd(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
}
