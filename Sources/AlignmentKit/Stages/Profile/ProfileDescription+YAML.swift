internal import AlignmentJSON
public import AlignmentYAML

extension ProfileDescription {
    /// Keys of a profile's file beside the four sections.
    static let fileKeys = ["schema_version", "name", "summary", "extends"]

    /// Reads a profile from YAML; docs/profiles.md describes it.
    ///
    /// ```yaml
    /// name: my-port
    /// summary: Our port, which pads to a multiple of eight.
    /// extends: serve-engine
    /// collator:
    ///   round_to: 8
    ///   pad_token_id: {$model: pad_token_id}
    /// ```
    ///
    /// - Throws: `YAMLError` with file, line and key.
    public init(yaml text: String, file: String) throws(YAMLError) {
        let root = try YAMLNode(parsing: text, file: file)
        var members: [String: YAMLNode] = [:]
        var settings: [KnobSetting] = []
        for entry in try root.entries("a mapping of name, summary, extends and the four stages") {
            if let stage = Stage(rawValue: entry.key) {
                settings += try Self.section(entry, of: stage)
            } else if Self.fileKeys.contains(entry.key) {
                members[entry.key] = entry.value
            } else {
                throw entry.error(Self.unknown(entry.key))
            }
        }
        if let version = members["schema_version"], try version.integer() != 1 {
            throw version.error("is \(try version.integer()), expected 1")
        }
        let name = try members["name"]?.string() ?? file
        if let node = members["name"], !(1...128).contains(name.count) {
            throw node.error("has \(name.count) letters, expected 1 to 128")
        }
        self.init(
            name, try members["summary"]?.string() ?? "", on: try Self.base(members["extends"]), settings)
        if let taken = Self.named(name), let knob = firstDifference(from: taken) {
            throw (members["name"] ?? root).error(
                "is \(name), a built-in profile, whose \(knob.key) is another; give this one its own name")
        }
    }

    /// The first knob that another profile sets otherwise, in stage order.
    func firstDifference(from other: ProfileDescription) -> Knob? {
        Knob.all.first { knob in
            settings[knob.key].map { own in
                other.settings[knob.key].map { !own.isSame(as: $0) } ?? true
            } ?? true
        }
    }

    private static func base(_ node: YAMLNode?) throws(YAMLError) -> ProfileDescription {
        guard let node else { return serveEngine }
        let name = try node.string()
        if let profile = named(name) { return profile }
        throw node.error(
            "is \(name), expected a built-in profile: \(builtin.map(\.name).joined(separator: ", "))")
    }

    private static func section(_ entry: YAMLEntry, of stage: Stage) throws(YAMLError) -> [KnobSetting] {
        var settings: [KnobSetting] = []
        for knob in try entry.value.entries("a mapping of knobs of the stage \(stage.rawValue)") {
            guard let known = Knob.named("\(stage.rawValue).\(knob.key)") else {
                throw knob.error(unknown(knob.key, in: stage))
            }
            settings.append(try KnobSetting(known, knob))
        }
        return settings
    }

    /// Completes a sentence about a key at the top that is none.
    private static func unknown(_ key: String) -> String {
        if let knob = Knob.all.first(where: { $0.key == key || $0.name == key }) {
            return "is no key here; write it as \(knob.name) in the section \(knob.stage.rawValue)"
        }
        let known = fileKeys + Stage.allCases.map(\.rawValue)
        return "is no key of a profile; the nearest is \(nearestName(to: key, in: known) ?? "name")"
    }

    /// Completes a sentence about a key of a section that is no knob's.
    private static func unknown(_ key: String, in stage: Stage) -> String {
        if CapturedProfile.recordedOnly["\(stage.rawValue).\(key)"] != nil {
            return "is recorded for people and read by no stage; leave it out"
        }
        if let knob = Knob.all.first(where: { $0.name == key || $0.key == key }) {
            return knob.stage == stage
                ? "is no knob of the section \(stage.rawValue); write it as \(knob.name)"
                : "is no knob of the section \(stage.rawValue); it belongs in the section \(knob.stage.rawValue)"
        }
        let own = Knob.all.filter { $0.stage == stage }
        let knobs = own + Knob.all.filter { $0.stage != stage }
        let nearest = nearestName(to: key, in: knobs.map(\.name))
        let knob = knobs.first { $0.name == nearest }
        return "is no knob; the nearest is \(knob?.key ?? "none")"
    }
}

extension KnobSetting {
    /// Reads a knob's value, or what of the model's configuration it is.
    fileprivate init(_ knob: Knob, _ entry: YAMLEntry) throws(YAMLError) {
        let source = "\(entry.value.file):\(entry.line)"
        if entry.value.isMapping {
            self.init(knob.key, model: try Self.modelValue(of: knob, entry.value), source)
            return
        }
        var profile = Profile.blank
        let json = try entry.value.json
        guard knob.set(json, in: &profile) else {
            throw entry.value.error("is \(json.compactText), expected \(knob.takes)")
        }
        self.init(knob.key, json: knob.value(profile), source)
    }

    private static func modelValue(of knob: Knob, _ node: YAMLNode) throws(YAMLError) -> ModelValue {
        let entries = try node.entries()
        guard entries.count == 1, let entry = entries.first, entry.key == "$model" else {
            throw node.error("is a mapping, expected \(knob.takes), or {$model: name}")
        }
        let name = try entry.value.string()
        let fitting = ModelValue.allCases.filter { $0.fits(knob) }.map(\.rawValue)
        guard let value = ModelValue(rawValue: name) else {
            let nearest = nearestName(
                to: name, in: fitting.isEmpty ? ModelValue.allCases.map(\.rawValue) : fitting)
            throw entry.error(
                "is \(name), which is no value of the model; the nearest is \(nearest ?? "none")")
        }
        guard value.fits(knob) else {
            throw entry.error("is \(name), \(value.summary), expected \(knob.takes)")
        }
        return value
    }
}

extension YAMLNode {
    /// The value as JSON; text without quotes is a number, true, false or null where it reads like one.
    fileprivate var json: JSONValue {
        get throws(YAMLError) {
            if let scalar { return scalar.isPlain ? Self.plain(scalar.text) : .string(scalar.text) }
            guard isList else { throw unexpected("a value or a list of values") }
            var values: [JSONValue] = []
            for item in try list() { values.append(try item.json) }
            return .array(values)
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        // Neither 0x10 nor nan nor 010, which YAML's versions read differently.
        let digits = text.drop { $0 == "-" || $0 == "+" }
        let isNumber =
            text.count - digits.count <= 1 && digits.allSatisfy { "0123456789.eE+-".contains($0) }
            && !(digits.hasPrefix("0") && digits.dropFirst().first.map(\.isNumber) ?? false)
        guard isNumber else { return .string(text) }
        if let value = Int(text) { return .integer(value) }
        return Double(text).flatMap { $0.isFinite ? JSONValue.number($0) : nil } ?? .string(text)
    }
}
