import AlignmentDiagnosis

/// Every deviation that the catalogue holds.
public struct CatalogueSheet: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The rows, most upstream first.
    public var deviations: [Row]

    /// One deviation.
    public struct Row: Sendable, Codable {
        /// `<stage>.<name>`.
        public var id: String
        /// How serious it is by nature.
        public var kind: String
        /// The pipeline ..., in one clause.
        public var title: String
        /// What a capture must hold to decide it.
        public var needs: [String]
        /// The knobs that make it; none for one that facts show.
        public var knobs: [String]
        /// What to change.
        public var fix: String
    }

    /// The whole catalogue.
    public init() {
        deviations = Deviation.catalogue.map {
            Row(
                id: $0.id, kind: $0.kind.rawValue, title: $0.clause, needs: $0.needs.map(\.words),
                knobs: $0.knobs.map(\.key), fix: $0.fix)
        }
    }

    /// The catalogue for people.
    public var document: Document {
        var document = Document()
        document.table(
            ["deviation", "kind", "the pipeline", "fix"],
            deviations.map { [$0.id, $0.kind, $0.title, $0.fix] })
        return document
    }

    /// The tables of docs/faults.md.
    public var markdown: String {
        var lines: [String] = []
        var stage: Substring = ""
        for row in deviations {
            let own = row.id.prefix { $0 != "." }
            if own != stage {
                stage = own
                lines += lines.isEmpty ? [] : [""]
                lines += [
                    "## \(own)", "", "| id | kind | the pipeline | needs | shown by | fix |",
                    "|---|---|---|---|---|---|",
                ]
            }
            let shown = row.knobs.isEmpty ? "facts" : row.knobs.map { "`\($0)`" }.joined(separator: ", ")
            let cells = [
                "`\(row.id)`", row.kind, row.title, row.needs.joined(separator: ", "), shown, row.fix,
            ]
            lines.append("| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
