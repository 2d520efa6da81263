public import AlignmentStages

/// The built-in profiles.
public struct ProfileList: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// Name and summary of each.
    public var profiles: [Row]

    /// One profile.
    public struct Row: Sendable, Codable {
        /// The name that `--reference` takes.
        public var name: String
        /// What it describes.
        public var summary: String
    }

    /// All that are built in.
    public init() { profiles = ProfileDescription.builtin.map { Row(name: $0.name, summary: $0.summary) } }

    /// The list for people.
    public var document: Document {
        var document = Document()
        document.table(["profile", "describes"], profiles.map { [$0.name, $0.summary] })
        return document
    }
}

/// Every knob of one profile.
public struct ProfileSheet: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The profile's name.
    public var name: String
    /// What it describes.
    public var summary: String
    /// Its knobs in stage order.
    public var knobs: [Row]

    /// One knob.
    public struct Row: Sendable, Codable {
        /// Its archive key.
        public var key: String
        /// Its value for the released model, as JSON text.
        public var value: String
        /// The value comes from the model's configuration.
        public var isTakenFromModel: Bool
        /// Which of its values that is, as a profile's file writes it after `$model`.
        public var modelValue: String?
        /// What it does.
        public var summary: String
        /// Where the value was read.
        public var source: String
    }

    /// A profile's knobs, for the released model.
    public init(_ profile: ProfileDescription) {
        name = profile.name
        summary = profile.summary
        let model = ModelConfiguration()
        knobs = Knob.all.compactMap { knob in
            profile.settings[knob.key].map { setting in
                Row(
                    key: knob.key, value: setting.value(for: model).compactText,
                    isTakenFromModel: setting.isTakenFromModel, modelValue: setting.modelValue?.rawValue,
                    summary: knob.summary, source: setting.source)
            }
        }
    }

    /// The sheet for people.
    public var document: Document {
        var document = Document()
        document.heading(1, name)
        document.paragraph(summary)
        document.table(
            ["knob", "value", "what it does", "source"],
            knobs.map {
                [
                    $0.key, $0.value + ($0.modelValue.map { " (the model's \($0))" } ?? ""), $0.summary,
                    $0.source,
                ]
            })
        return document
    }
}
