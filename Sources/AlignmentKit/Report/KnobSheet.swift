public import AlignmentDiagnosis
import AlignmentStages

/// Every knob that a profile has; docs/profiles.md prints the table.
public struct KnobSheet: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The knobs in stage order.
    public var knobs: [Row]
    /// What a knob can take from the model's configuration, as `{$model: name}`.
    public var modelValues: [ModelRow]

    /// One knob.
    public struct Row: Sendable, Codable {
        /// Its archive key: the section and the name.
        public var key: String
        /// What a profile may write.
        public var takes: String
        /// The most that turning it can do.
        public var effect: KnobEffect.Reach
        /// On which inputs it does.
        public var when: String?
        /// Why it never does anything.
        public var why: String?
        /// Where an effect shows.
        public var shows: KnobEffect.Scene
        /// What it does.
        public var summary: String
    }

    /// One value of the model's configuration.
    public struct ModelRow: Sendable, Codable {
        /// Its name.
        public var name: String
        /// What it is.
        public var summary: String
    }

    /// All of them.
    public init() {
        knobs = Knob.all.map { knob in
            let most = KnobEffect.most(of: knob)
            return Row(
                key: knob.key, takes: knob.takes, effect: most?.reach ?? .always, when: most?.when,
                why: most?.why, shows: KnobEffect.effect(of: knob)?.scene ?? .output, summary: knob.summary)
        }
        modelValues = ModelValue.allCases.map { ModelRow(name: $0.rawValue, summary: $0.summary) }
    }

    /// The tables for people.
    public var document: Document {
        var document = Document()
        document.table(Self.columns, rows)
        document.table(Self.modelColumns, modelRows)
        return document
    }

    /// The tables of docs/profiles.md, names as code.
    public var markdown: String {
        [(Self.columns, rows), (Self.modelColumns, modelRows)].map { columns, rows in
            let names = rows.map { ["`\($0[0])`"] + $0.dropFirst().map(Self.marked) }
            let lines = [columns, columns.map { _ in "---" }] + names
            return lines.map { "| \($0.joined(separator: " | ")) |\n" }.joined()
        }.joined(separator: "\n")
    }

    private static let columns = ["knob", "takes", "what it does", "effect"]
    private static let modelColumns = ["$model", "is"]

    private var rows: [[String]] {
        knobs.map { [$0.key, $0.takes, $0.summary, $0.effect.words(when: $0.when, why: $0.why)] }
    }

    private var modelRows: [[String]] { modelValues.map { [$0.name, $0.summary] } }

    /// A text with its special tokens as code, whose bars do not end the cell.
    private static func marked(_ text: String) -> String {
        text.replacing("<|", with: "`<\\|").replacing("|>", with: "\\|>`")
    }
}

extension KnobEffect.Reach {
    /// "never: labels are for training", "conditional: the batch is padded", "always".
    func words(when: String?, why: String?) -> String {
        rawValue + ((when ?? why).map { ": \($0)" } ?? "")
    }
}
