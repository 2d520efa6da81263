internal import AlignmentReport
internal import AlignmentWording

/// Markup that is written part by part; whatever is not markup is escaped on its way in.
struct HTMLText {
    private(set) var markup = ""

    /// Adds markup as it stands.
    mutating func raw(_ markup: String) { self.markup += markup }

    /// Adds text.
    mutating func text(_ text: String) { markup += MarkupText.escaped(text) }

    /// Adds text whose long names may break behind a slash, a dot or an underscore: else a path pushes the sentence
    /// beside it out of sight.
    mutating func breakable(_ text: String) {
        for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { self.text(" ") }
            guard word.count > 16 else {
                self.text(String(word))
                continue
            }
            var part = ""
            for character in word {
                part.append(character)
                if "/._".contains(character) {
                    self.text(part)
                    raw("<wbr>")
                    part = ""
                }
            }
            self.text(part)
        }
    }

    /// Adds an element of attributes and text.
    mutating func element(_ name: String, _ attributes: [(String, String)] = [], text: String) {
        open(name, attributes)
        self.text(text)
        close(name)
    }

    /// Adds an element whose content is written by a closure.
    mutating func element(
        _ name: String, _ attributes: [(String, String)] = [], _ content: (inout HTMLText) -> Void
    ) {
        open(name, attributes)
        content(&self)
        close(name)
    }

    private mutating func open(_ name: String, _ attributes: [(String, String)]) {
        markup += "<\(name)"
        for (key, value) in attributes { markup += " \(key)=\"\(MarkupText.escaped(value))\"" }
        markup += ">"
    }

    private mutating func close(_ name: String) { markup += "</\(name)>\n" }

    /// Adds a document: the same text that the terminal and Markdown get.
    ///
    /// - Parameter level: the level of HTML that a heading of level 1 gets.
    mutating func document(_ document: Document, level: Int = 3) {
        for block in document.blocks { add(block, level: level) }
    }

    /// Adds one part of a document.
    mutating func add(_ block: Document.Block, level: Int = 3) {
        switch block {
        case .heading(let own, let text): element("h\(min(level + own - 1, 6))", text: text)
        case .paragraph(let text): element("p", text: text)
        case .list(let items): list(items)
        case .table(let table): self.table(table)
        case .verbatim(let lines): element("pre", text: lines.joined(separator: "\n"))
        }
    }

    /// Adds a list of sentences.
    mutating func list(_ items: [String]) {
        guard !items.isEmpty else { return }
        element("ul") { html in for item in items { html.element("li", text: item) } }
    }

    /// Adds a table that a reader can sort; the words of a column "status" mark their rows.
    mutating func table(_ table: Document.Table) {
        guard !table.rows.isEmpty else { return }
        let status = table.columns.firstIndex(of: "status")
        element("div", [("class", "scroll"), ("tabindex", "0")]) { html in
            html.element("table", [("class", "sortable")]) { html in
                html.element("thead") { html in
                    html.element("tr") { html in
                        for column in table.columns { html.element("th", [("scope", "col")], text: column) }
                    }
                }
                html.element("tbody") { html in
                    for row in table.rows {
                        let attributes = status.map { [("data-status", row[$0])] } ?? []
                        html.element("tr", attributes) { html in
                            for (index, cell) in row.enumerated() {
                                html.element("td", index == status ? [("class", "state")] : []) { html in
                                    html.breakable(cell)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Adds facts as terms and their values.
    mutating func facts(_ facts: [(String, String)]) {
        element("dl", [("class", "facts")]) { html in
            for (term, value) in facts {
                html.element("dt", text: term)
                html.element("dd", text: value)
            }
        }
    }

    /// Adds sentences that are shown when they are asked for; nothing for none.
    mutating func folded(_ title: String, _ items: [String]) {
        guard !items.isEmpty else { return }
        element("details", [("class", "more")]) { html in
            html.element("summary", text: "\(title) (\(items.count))")
            html.list(items)
        }
    }
}
