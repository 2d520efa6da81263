public import AlignmentTensors

/// One row of the format's layout: what may stand at a path, and whether it must.
public struct LayoutRow: Sendable {
    /// The path with placeholders: `<name>`, `<k>` and `<i>`, `<field>`, `<side>`.
    public let path: String
    /// What stands there.
    public let content: LayoutContent
    /// Whether it must stand there.
    public let presence: LayoutPresence
    /// What it means, in one clause.
    public let summary: String

    init(
        _ path: String, _ content: LayoutContent, _ presence: LayoutPresence, _ summary: String
    ) {
        self.path = path
        self.content = content
        self.presence = presence
        self.summary = summary
    }

    /// An optional row.
    init(_ path: String, _ content: LayoutContent, _ summary: String) {
        self.init(path, content, .optional, summary)
    }
}

/// What the format allows at a path.
public enum LayoutContent: Sendable {
    /// A tensor, or a `None` where the rule allows one.
    case tensor(TensorRule)
    /// A JSON document.
    case json(JSONRule)
    /// A text that is no JSON.
    case text
}

/// When an object must be there, seen from the group that it stands in.
public enum LayoutPresence: Sendable, Hashable {
    case optional
    /// Wherever its group is.
    case required
    /// Wherever its group is and this other name is not in it.
    case requiredUnless(String)
    /// Wherever this other name is in its group.
    case requiredWith(String)
    /// Writers put it wherever its group is, readers can do without.
    case expected
    /// The same, where this other name is not in the group.
    case expectedUnless(String)

    /// In words, as the format's page has it.
    public var phrase: String {
        switch self {
        case .optional: "optional"
        case .required: "required"
        case .requiredUnless(let name): "required without `\(name)`"
        case .requiredWith(let name): "required with `\(name)`"
        case .expected: "expected"
        case .expectedUnless(let name): "expected without `\(name)`"
        }
    }

    /// Whether it is missing from its group where these names stand.
    func isMissing(among names: Set<String>) -> Bool {
        switch self {
        case .optional: false
        case .required, .expected: true
        case .requiredUnless(let name), .expectedUnless(let name): !names.contains(name)
        case .requiredWith(let name): names.contains(name)
        }
    }

    /// Whether readers can do without it where it is missing.
    var isDispensable: Bool {
        switch self {
        case .optional, .expected, .expectedUnless: true
        case .required, .requiredUnless, .requiredWith: false
        }
    }
}

/// Which tensors the format allows at a path.
public struct TensorRule: Sendable, Hashable {
    /// Element types; none listed allows all.
    public var dtypes: [DType] = []
    /// Names of the axes, outermost first, in each form that is allowed; none listed allows any rank.
    public var axes: [[String]] = []
    /// A `None` may stand there instead.
    public var allowsNone = false
    /// Attributes that it must have beside `dtype` and `sha256`.
    public var attributes: [String] = []
    /// Axes whose extents are the same in all tensors of the stage.
    public var sharedAxes: Set<String> = []

    /// In words, as the format's page has it.
    public var phrase: String {
        let types = dtypes.isEmpty ? "any" : dtypes.map(\.rawValue).joined(separator: " or ")
        let forms = axes.map { "[\($0.joined(separator: ", "))]" }.joined(separator: " or ")
        let none = allowsNone ? " or None" : ""
        let needed =
            attributes.isEmpty ? "" : ", with " + attributes.map { "`\($0)`" }.joined(separator: ", ")
        return types + (forms.isEmpty ? "" : " " + forms) + none + needed
    }

    /// Ids of text or audio.
    static func ids(_ axes: String...) -> TensorRule { TensorRule(dtypes: [.int64], axes: [axes]) }
    /// Logits, scores and waveforms.
    static func floats(_ axes: String...) -> TensorRule { TensorRule(dtypes: [.float32], axes: [axes]) }
    /// Whatever a pipeline put there.
    static let any = TensorRule(allowsNone: true)

    func sharing(_ axes: String...) -> TensorRule {
        var rule = self
        rule.sharedAxes = Set(axes)
        return rule
    }
}
