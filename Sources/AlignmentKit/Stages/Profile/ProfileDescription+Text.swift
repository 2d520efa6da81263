import AlignmentJSON

extension ProfileDescription {
    /// The profile as a YAML file that reads back as the same profile: every knob, what it does, and the source
    /// of its value.
    public var yaml: String {
        var lines = [
            "# Knobs that are left out have the value of the profile that this one extends.",
            "name: \(JSONValue.string(name).yaml)",
        ]
        if !summary.isEmpty { lines.append("summary: \(JSONValue.string(summary).yaml)") }
        lines.append("extends: \(ProfileDescription.serveEngine.name)")
        for stage in Stage.allCases {
            lines += ["", "\(stage.rawValue):"]
            for knob in Knob.all where knob.stage == stage {
                guard let setting = settings[knob.key] else { continue }
                let value =
                    setting.modelValue.map { "{$model: \($0.rawValue)}" }
                    ?? setting.value(for: ModelConfiguration()).yaml
                lines += [
                    "  # \(knob.summary) \(SafeText.oneLine(setting.source))", "  \(knob.name): \(value)",
                ]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension JSONValue {
    /// The value on one line of YAML; plain where nothing else can be read from it, else in double quotes.
    fileprivate var yaml: String {
        switch self {
        case .null, .bool, .integer, .number, .object: compactText
        case .array(let items): "[" + items.map(\.yaml).joined(separator: ", ") + "]"
        case .string(let text):
            Self.isPlain(text) ? text : "\"" + text.unicodeScalars.map(Self.escaped).joined() + "\""
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        let readsAsValue = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        guard let first = text.unicodeScalars.first, isLetter(first),
            !readsAsValue.contains(text.lowercased())
        else { return false }
        return text.unicodeScalars.allSatisfy { isLetter($0) || "0123456789_-".unicodeScalars.contains($0) }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            let digits = String(scalar.value, radix: 16)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        default:
            return scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
        }
    }
}
