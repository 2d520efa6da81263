/// The catalogue as the tables of docs/log.md.
public enum LogSheet {
    /// The rules, as a Markdown table.
    public static var rules: String {
        table(
            ["id", "printer", "line", "alone", "means", "does not mean", "deviations"],
            RuleTable.rules.map { rule in
                [
                    "`\(rule.id)`", rule.printer.rawValue,
                    rule.patterns.map { code($0.template) }.joined(separator: " or "),
                    rule.finding?.rawValue ?? "evidence", rule.means + values(of: rule), rule.doesNotMean,
                    rule.deviations.map { "`\($0)`" }.joined(separator: ", "),
                ]
            })
    }

    /// The conclusions, as a Markdown table.
    public static var conclusions: String {
        table(
            ["id", "level", "means", "does not mean", "deviations"],
            ConclusionTable.conclusions.map { row in
                [
                    "`\(row.id)`", row.level.rawValue, row.means, row.doesNotMean,
                    row.deviations.map { "`\($0)`" }.joined(separator: ", "),
                ]
            })
    }

    private static func values(of rule: LogRule) -> String {
        let names = rule.patterns[0].names
        guard !names.isEmpty else { return "" }
        return " Values: " + names.map { "`\($0)`, \(rule.values[$0] ?? "")" }.joined(separator: "; ") + "."
    }

    private static func code(_ text: String) -> String { text.contains("`") ? "`` \(text) ``" : "`\(text)`" }

    private static func table(_ titles: [String], _ rows: [[String]]) -> String {
        let lines = [titles, titles.map { _ in "---" }] + rows.map { $0.map(escaped) }
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n") + "\n"
    }

    /// A cell's text, in which a bar does not end the cell and a placeholder is no tag.
    private static func escaped(_ cell: String) -> String {
        var text = ""
        var isCode = false
        for character in cell {
            switch character {
            case "`":
                isCode.toggle()
                text.append(character)
            case "|": text += "\\|"
            case "<" where !isCode: text += "&lt;"
            default: text.append(character)
            }
        }
        return text
    }
}
