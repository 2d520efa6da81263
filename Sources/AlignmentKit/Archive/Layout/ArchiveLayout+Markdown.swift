extension ArchiveLayout {
    /// The rows as docs/golden-format.md prints them: path, what stands there, whether it must, what it means.
    public static var markdown: [String] {
        rows.map { "| `\($0.path)` | \($0.content.phrase) | \($0.presence.phrase) | \($0.summary) |" }
    }

    /// The fields of the JSON documents as docs/golden-format.md prints them, documents in the order of `rows`.
    public static var documentFields: [String] {
        var lines: [String] = []
        for row in rows {
            guard case .json(.object(let fields, _)) = row.content else { continue }
            let name = row.path.split(separator: "/").last.map(String.init) ?? ""
            for field in fields {
                let presence = field.isRequired ? "required" : "optional"
                let line = "| `\(name)` | `\(field.name)` | \(field.expectation) | \(presence) |"
                if !lines.contains(line) { lines.append(line) }
            }
        }
        return lines
    }
}

extension LayoutContent {
    /// In words, as the format's page has it.
    public var phrase: String {
        switch self {
        case .tensor(let rule): rule.phrase
        case .json: "JSON"
        case .text: "text"
        }
    }
}
