internal import AlignmentWording

extension GateReport {
    /// GitHub's workflow commands: an error for each row that keeps the gate from passing, a warning for each waived
    /// one, at most 50, each on its line.
    ///
    /// - Source: GitHub's documentation, "Workflow commands for GitHub Actions", and `command.ts` of actions/toolkit,
    ///   which says what is escaped.
    public var annotations: [String] {
        let chosen = rows.filter { $0.isFailure || $0.status == .waived }
        let shown = chosen.prefix(50).map { row in
            let file = row.input.flatMap { $0.hasPrefix("/") || $0 == "-" ? nil : $0 }
            let properties = [file.map { ("file", $0) }, ("title", row.id)].compactMap(\.self)
                .map { "\($0)=\(Self.property($1))" }.joined(separator: ",")
            let text = row.why + (row.fix.map { "\nFix: \($0)." } ?? "")
            return "::\(row.isFailure ? "error" : "warning") \(properties)::\(Self.data(text))"
        }
        guard chosen.count > shown.count else { return shown }
        return shown + [
            "::notice title=\(Self.property(policy.name))::\(chosen.count - shown.count) more rows are in the report."
        ]
    }

    private static func data(_ text: String) -> String {
        // Line breaks are kept as GitHub writes them; no other control character is.
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { MarkupText.printable(String($0)).replacing("%", with: "%25") }.joined(separator: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
