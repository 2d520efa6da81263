public import AlignmentYAML
internal import AlignmentStages

extension GatePolicy {
    /// Reads a policy from YAML. docs/gate.md has the keys, docs/gate-policy.schema.json their schema.
    ///
    /// Paths in it are taken as they stand; `init(file:)` takes them from the file's folder.
    ///
    /// - Throws: `YAMLError` with file, line and key; a key that is not known is an error.
    public init(yaml text: String, file: String) throws(YAMLError) {
        let root = try YAMLNode(parsing: text, file: file)
        let members = try root.members([
            "schema_version", "name", "strict", "captures", "sound", "require", "allow", "waivers",
        ])
        guard let version = members["schema_version"] else {
            throw root.error("has no schema_version, expected 1")
        }
        guard try version.integer() == 1 else {
            throw version.error("is \(try version.integer()), expected 1")
        }
        self.init()
        if let node = members["name"] { name = try node.filledText() }
        if let node = members["strict"] { isStrict = try node.bool() }
        if let node = members["captures"] { captures = try Captures(node) }
        if let node = members["sound"] { sound = try Sound(node) }
        for item in try members["require"]?.list() ?? [] {
            let requirement = try Requirement(item)
            guard !required.contains(where: { $0.metric == requirement.metric }) else {
                throw item.error("bounds \(requirement.metric.rawValue) a second time")
            }
            required.append(requirement)
        }
        for item in try members["allow"]?.list() ?? [] { allowed.append(try item.finding()) }
        for item in try members["waivers"]?.list() ?? [] { waivers.append(try Waiver(item)) }
    }

    /// Reads a policy from a YAML file of at most 1 MiB; paths in it are taken from the file's own folder.
    ///
    /// - Throws: an error whose text is one sentence that names the file.
    public init(file: String) throws {
        let text = try YAMLFile.text(of: file, purpose: "a gate's policy", limit: 1 << 20)
        try self.init(yaml: text, file: file)
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        func placed(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }
        captures.golden = captures.golden.map(placed)
        captures.tolerances = captures.tolerances.map(placed)
        sound.profile = sound.profile.map(placed)
        if ProfileDescription.isPath(captures.reference) { captures.reference = placed(captures.reference) }
    }
}

extension GatePolicy.Captures {
    fileprivate init(_ node: YAMLNode) throws(YAMLError) {
        self.init()
        let members = try node.members(["reference", "golden", "tolerances"])
        if let node = members["reference"] {
            reference = try node.filledText()
            if !ProfileDescription.isPath(reference), ProfileDescription.named(reference) == nil {
                let names = ProfileDescription.builtin.map(\.name).joined(separator: ", ")
                throw node.error("is \"\(reference)\", expected a file, or one of \(names)")
            }
        }
        golden = try members["golden"]?.filledText()
        tolerances = try members["tolerances"]?.filledText()
        if let node = members["tolerances"], golden == nil {
            throw node.error("is of use only with golden, the folder to compare with")
        }
    }
}

extension GatePolicy.Sound {
    fileprivate init(_ node: YAMLNode) throws(YAMLError) {
        self.init()
        let members = try node.members(["profile", "max_new_tokens"])
        profile = try members["profile"]?.filledText()
        if let limit = members["max_new_tokens"] {
            let value = try limit.integer()
            guard value > 0 else { throw limit.unexpected("a whole number above 0") }
            maxNewTokens = value
        }
    }
}

extension GatePolicy.Requirement {
    fileprivate init(_ node: YAMLNode) throws(YAMLError) {
        let members = try node.members(["metric", "at_least", "at_most", "change_at_most"])
        guard let name = members["metric"] else { throw node.error("has no metric") }
        guard let metric = GateMetric(rawValue: try name.string()) else {
            let all = GateMetric.allCases.map(\.rawValue).joined(separator: ", ")
            throw name.error("is \"\(try name.string())\", expected one of \(all)")
        }
        self.init(
            metric, atLeast: try members["at_least"]?.number(), atMost: try members["at_most"]?.number(),
            changeAtMost: try members["change_at_most"]?.magnitude())
        guard atLeast != nil || atMost != nil || changeAtMost != nil else {
            throw node.error("bounds nothing; give at_least, at_most or change_at_most")
        }
        if let atLeast, let atMost, atLeast > atMost {
            throw node.error("lets nothing pass: at_least is greater than at_most")
        }
    }
}

extension GatePolicy.Waiver {
    fileprivate init(_ node: YAMLNode) throws(YAMLError) {
        let members = try node.members(["finding", "input", "reason", "expires"])
        guard let finding = members["finding"], let reason = members["reason"], let end = members["expires"]
        else {
            let missing = ["finding", "reason", "expires"].filter { members[$0] == nil }
            throw node.error("has no \(missing[0]); a waiver has a finding, a reason and the day it expires")
        }
        let day = try end.string()
        guard let expires = GateDay(day) else {
            throw end.error("is \"\(day)\", expected a day such as 2026-12-31")
        }
        self.init(
            finding: try finding.finding(), input: try members["input"]?.filledText() ?? "*",
            reason: try reason.filledText(), expires: expires)
    }
}

extension YAMLNode {
    /// A text that is not blank.
    fileprivate func filledText() throws(YAMLError) -> String {
        let text = try string()
        guard text.contains(where: { !$0.isWhitespace }) else { throw error("is empty") }
        return text
    }

    /// The id of something that a gate can find, or a pattern of such ids.
    fileprivate func finding() throws(YAMLError) -> String {
        let text = try filledText()
        guard !GateFinding.isKnown(text) else { return text }
        let nearest =
            nearestName(to: text, in: GateFinding.known.sorted()).map { "; did you mean \($0)" } ?? ""
        throw error("is \"\(text)\", which no gate finds\(nearest)")
    }
}
