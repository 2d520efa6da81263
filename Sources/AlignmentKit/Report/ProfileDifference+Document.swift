public import AlignmentDiagnosis
import AlignmentWording

extension ProfileDifference {
    /// The differences for people.
    public var document: Document {
        var document = Document()
        guard !knobs.isEmpty else {
            document.paragraph("\(left) and \(right) are the same in every knob.")
            return document
        }
        document.paragraph(sentence)
        var columns = ["knob", left, right, "effect"]
        if archive != nil { columns.append("effect here") }
        document.table(
            columns,
            knobs.map { row in
                let effect = row.effect.words(when: row.when, why: row.why) + row.place
                let cells = [row.key, row.left, row.right, effect]
                return archive == nil ? cells : cells + [row.hereWords]
            })
        document.list(
            knobs.map { row in
                let ids = row.deviations.isEmpty ? "" : ", \(row.deviations.joined(separator: ", "))"
                return "\(row.key): \(row.summary) \(row.leftSource) against \(row.rightSource)\(ids)"
            })
        return document
    }

    private var sentence: String {
        let counts = KnobEffect.Reach.allCases.reversed().map { reach in
            "\(knobs.count { $0.effect == reach }) \(reach.rawValue)"
        }
        let base =
            "\(counted(knobs.count, "knob")) \(knobs.count == 1 ? "differs" : "differ"). Can the output "
            + "change? \(counts.joined(separator: ", "))."
        guard let archive else { return base }
        return base
            + " Effect here: on the facts of \(archive), with one knob at a time turned from \(left) to "
            + "\(right)."
    }
}

extension ProfileDifference.Row {
    /// Where an effect shows, if not in what a stage gives.
    fileprivate var place: String {
        guard effect != .never else { return "" }
        return switch shows {
        case .output, .scores: ""
        case .newRun: " (shows only in a new run of the model)"
        case .file: " (shows only in the file)"
        }
    }

    /// "none", or "000000: none, 000001: raises IndexError" where requests differ.
    fileprivate var hereWords: String {
        let words = here.map(\.words)
        guard Set(words).count > 1 else { return words.first ?? "no request" }
        return zip(here, words).map { "\($0.sample): \($1)" }.joined(separator: ", ")
    }
}

extension EffectHere {
    fileprivate var words: String {
        guard let effect else { return "not decided: needs \(needs ?? "more than was captured")" }
        return effect.rawValue.replacing("_", with: " ") + (error.map { " \($0.type)" } ?? "")
    }
}
