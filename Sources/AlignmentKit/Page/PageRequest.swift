public import AlignmentDiagnosis
internal import AlignmentJSON
internal import AlignmentReport
internal import AlignmentWording

/// One request of a capture as a page shows it.
public struct PageRequest: Sendable {
    private let explanation: Explanation
    private let run: SampleRun?
    private let tokens: TokenGrid?
    private let sounds: [PageSound]
    private let origin: CaptureOrigin?

    /// A request.
    ///
    /// - Parameters:
    ///   - run: what `run` says of it.
    ///   - tokens: its tokens; nil for a capture without.
    ///   - sounds: the current path's sound, then the aligned path's, as far as there are some.
    ///   - origin: where the capture comes from.
    public init(
        _ explanation: Explanation, run: SampleRun? = nil, tokens: TokenGrid? = nil, sounds: [PageSound] = [],
        origin: CaptureOrigin? = nil
    ) {
        (self.explanation, self.run, self.tokens, self.sounds, self.origin) = (
            explanation, run, tokens, sounds, origin
        )
    }

    var title: String { "\(explanation.path), sample \(explanation.sample)" }
    var verdict: String { explanation.verdict.rawValue }
    var headline: String { explanation.headline }

    /// The parts of the section, for a page that has no other.
    func parts(id: String) -> [(id: String, title: String, state: String)] {
        var parts = [(id, "Cause", verdict), ("\(id)-stages", "Stages", "")]
        if !sounds.isEmpty { parts.append(("\(id)-sound", "Sound", "")) }
        if tokens != nil { parts.append(("\(id)-grid", "Tokens", "")) }
        if run != nil {
            parts += [("\(id)-tensors", "Tensors", ""), ("\(id)-checks", "Checks", "")]
        }
        if origin != nil { parts.append(("\(id)-origin", "Provenance", "")) }
        return parts
    }

    /// The section, with ids that begin with `id`.
    func write(to html: inout HTMLText, id: String) {
        html.element("section", [("class", "request"), ("id", id)]) { html in
            html.element("h2", text: title)
            html.element("p", [("class", "headline"), ("data-status", verdict)], text: headline)
            for cause in explanation.causes { write(cause, to: &html) }
            writeStages(to: &html, id: id)
            writeSounds(to: &html, id: id)
            writeTokens(to: &html, id: id)
            if let run {
                html.element("h3", [("id", "\(id)-tensors")], text: "Tensors")
                html.table(run.tensorTable)
                html.element("h3", [("id", "\(id)-checks")], text: "Checks")
                html.table(run.checkTable)
                var metrics = Document()
                metrics.writeMetrics(run.successMetrics)
                html.document(metrics, level: 2)
            }
            html.folded("Settings that have an effect here", explanation.settingLines)
            html.folded("Different, and without effect here", explanation.harmlessLines)
            html.folded("Not tested", explanation.notTestedLines)
            html.folded(
                "Notes", explanation.notes + (run?.notes ?? []).filter { !explanation.notes.contains($0) })
            writeOrigin(to: &html, id: id)
        }
    }

    private func write(_ cause: Explanation.Cause, to html: inout HTMLText) {
        html.element("article", [("class", "cause"), ("data-kind", cause.kind.rawValue)]) { html in
            html.element("h3") { html in
                html.element("code", text: cause.id)
                html.raw(" ")
                html.element("span", [("class", "tag")], text: cause.kind.rawValue)
            }
            for block in explanation.body(of: cause).blocks {
                switch block {
                case .paragraph(let text) where text.hasPrefix("Fix: "):
                    html.element("p", [("class", "fix")]) { html in
                        html.element("strong", text: "Fix:")
                        html.text(String(text.dropFirst(4)))
                    }
                case .verbatim(let lines):
                    // The box around them indents them.
                    let flush = lines.map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : $0 }
                    html.element("pre", [("class", "changes")], text: flush.joined(separator: "\n"))
                default: html.add(block)
                }
            }
        }
    }

    private func writeStages(to html: inout HTMLText, id: String) {
        html.element("h3", [("id", "\(id)-stages")], text: "Stages")
        html.element("ol", [("class", "stages")]) { html in
            for stage in explanation.stages {
                html.element("li", [("data-status", stage.status.words)]) { html in
                    html.element("h4", text: stage.stage.rawValue)
                    html.element("p", [("class", "state")], text: stage.status.words)
                    html.element("p", text: stage.why)
                }
            }
        }
    }

    private func writeSounds(to html: inout HTMLText, id: String) {
        guard !sounds.isEmpty else { return }
        html.element("h3", [("id", "\(id)-sound")], text: "Sound")
        // One scale for both, so that the quiet one looks quiet beside the other.
        let peak = sounds.map(\.peak).max() ?? 0
        let scale = peak > 0 && peak < 0.1 ? 0.9 / peak : 1
        html.element("div", [("class", "sound")]) { html in
            for sound in sounds { sound.write(to: &html, scale: scale) }
        }
    }

    private func writeTokens(to html: inout HTMLText, id: String) {
        guard let tokens, let data = try? JSONText.encodeCompact(tokens) else { return }
        let source = "\(id)-tokens"
        html.element("h3", [("id", "\(id)-grid")], text: "Tokens")
        html.element("div", [("class", "tokens"), ("data-source", source)]) { _ in }
        // Within a script nothing is an entity; without "<" nothing can end it.
        let json = String(decoding: data, as: UTF8.self).replacing("<", with: "\\u003c")
        html.raw("<script type=\"application/json\" id=\"\(source)\">\(json)</script>\n")
    }

    private func writeOrigin(to html: inout HTMLText, id: String) {
        guard let origin else { return }
        html.element("h3", [("id", "\(id)-origin")], text: "Provenance")
        html.facts(
            [
                ("archive", explanation.path), ("id", origin.id), ("recorded by", origin.createdBy),
                ("judged against", explanation.reference),
            ] + origin.provenance.map { ($0.key, $0.value) })
    }
}
