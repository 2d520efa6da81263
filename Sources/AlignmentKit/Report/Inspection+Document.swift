import AlignmentDiagnosis
import AlignmentJSON
import AlignmentWording

extension Inspection {
    /// What was asked for, for people.
    public var document: Document {
        var document = Document()
        document.heading(1, path)
        if request.tensors.isEmpty, !request.showsProfile {
            document.paragraph(
                "Format \(formatVersion), made by \(createdBy ?? "an unnamed writer") at "
                    + "\(createdAt ?? "an unknown time"), id \(id ?? "none"). \(totals)")
            document.table(["provenance", "value"], provenanceRows)
            document.list(profileSentences)
            document.verbatim(tree)
        }
        if request.showsProfile { document.blocks += profiles.flatMap(\.blocks) }
        document.blocks += tensors.flatMap(\.blocks)
        return document
    }

    private var totals: String {
        let tensors = entries.filter { $0.kind == "tensor" && $0.sameAs == nil }
        let names = entries.count { $0.kind != "group" && $0.sameAs != nil }
        return
            "\(counted(tensors.count, "tensor")) of \(size(tensors.reduce(0) { $0 + ($1.byteCount ?? 0) })), "
            + "\(size(tensors.reduce(0) { $0 + ($1.storedBytes ?? 0) })) in the file"
            + (names == 0 ? "." : "; \(counted(names, "second name")) of the same.")
    }

    private var provenanceRows: [[String]] {
        guard let provenance else { return [] }
        var rows: [[String]] = []
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { rows.append([name, value]) }
        }
        for name in ["model", "codec"] {
            let place = ["dtype", "device"].compactMap { provenance[name]?[$0]?.string }.joined(
                separator: " on ")
            let checkpoint = provenance["checkpoints"]?[name]
            let origin = [
                checkpoint?["path"]?.string, checkpoint?["revision"]?.string.map { "revision \($0)" },
                checkpoint?["sha256"]?.string.map { "SHA-256 \($0.prefix(12))" },
            ].compactMap { $0 }
            add(name, ([place] + origin).filter { !$0.isEmpty }.joined(separator: ", "))
        }
        for name in ["seed", "platform", "packages", "torch", "command"] {
            add(name, provenance[name]?.words)
        }
        if let sources = provenance["source_sha256"]?.object {
            add("source", counted(sources.count, "file") + " hashed")
        }
        let shown = [
            "model", "codec", "checkpoints", "seed", "platform", "packages", "torch", "command",
            "source_sha256",
        ]
        for (name, value) in (provenance.object ?? [:]).sorted(by: { $0.key < $1.key })
        where !shown.contains(name) {
            add(name, value.object.map { "\($0.count) entries" } ?? value.words)
        }
        add("script ended with", script.map(scriptEnd))
        return rows
    }

    private func scriptEnd(_ script: JSONValue) -> String {
        let raised = script["traceback"]?.string?.split(separator: "\n").last.map(String.init)
        let status = script["exit_status"]?.int.map { "exit status \($0)" }
        let signal = script["signal"].flatMap { $0 == .null ? nil : "signal \($0.words)" }
        return [status, signal, raised].compactMap { $0 }.joined(separator: ", ")
    }

    private var profileSentences: [String] {
        let most = 5
        let more = profiles.count - most
        return profiles.prefix(most).map(\.sentence)
            + (more > 0 ? ["\(more) more profiles; --diff-profile shows all."] : [])
    }
}

extension JSONValue {
    /// The value on one line, without the marks of JSON where it is a list or a flat object.
    fileprivate var words: String {
        switch self {
        case .null: "none"
        case .string(let text): text
        case .array(let values): values.map(\.words).joined(separator: " ")
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.words)" }.joined(separator: ", ")
        default: compactText
        }
    }
}

/// A number of bytes in three digits: `512 B`, `1.9 MB`.
func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 999.5 {
            return formatted(unit == "B" || value >= 99.95 ? "%.0f" : "%.1f", value) + " " + unit
        }
        value /= 1000
    }
    return formatted("%.1f", value) + " TB"
}
