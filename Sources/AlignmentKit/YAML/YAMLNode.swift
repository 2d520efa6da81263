internal import Yams

/// A value of a YAML document that knows where it stands, so that errors can say so.
public struct YAMLNode: Sendable {
    /// The file, as it was given.
    public let file: String
    /// The key path, such as `rules[2].relative`; empty for the whole document.
    public let path: String
    /// The line, from 1.
    public let line: Int
    private let content: Content

    private enum Content: Sendable {
        case scalar(String, isPlain: Bool)
        case list([YAMLNode])
        case mapping([YAMLEntry])
    }

    /// Reads the one document of a text; `file` is named in errors.
    public init(parsing text: String, file: String) throws(YAMLError) {
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch let error as Yams.YamlError {
            throw YAMLError(file: file, error)
        } catch { throw YAMLError(file: file, line: 1, path: "", problem: "is not YAML: \(error)") }
        guard let node else {
            throw YAMLError(file: file, line: 1, path: "", problem: "is empty")
        }
        var count = 0
        try self.init(node, file: file, path: "", depth: 0, count: &count)
    }

    /// Aliases are resolved already, so that few lines can stand for very many values.
    private static let mostValues = 10_000

    private init(_ node: Node, file: String, path: String, depth: Int, count: inout Int) throws(YAMLError) {
        self.file = file
        self.path = path
        line = node.mark?.line ?? 1
        count += 1
        guard count <= Self.mostValues else {
            throw YAMLError(
                file: file, line: line, path: path, problem: "is one of more than \(Self.mostValues) values")
        }
        guard depth < 32 else {
            throw YAMLError(file: file, line: line, path: path, problem: "is nested more than 32 levels deep")
        }
        switch node {
        case .scalar(let scalar):
            content = .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            var items: [YAMLNode] = []
            for (index, item) in sequence.enumerated() {
                items.append(
                    try YAMLNode(item, file: file, path: "\(path)[\(index)]", depth: depth + 1, count: &count)
                )
            }
            content = .list(items)
        case .mapping(let mapping):
            var entries: [YAMLEntry] = []
            for (key, value) in mapping {
                let name = key.scalar?.string ?? "?"
                let inner = path.isEmpty ? name : "\(path).\(name)"
                let node = try YAMLNode(value, file: file, path: inner, depth: depth + 1, count: &count)
                entries.append(YAMLEntry(key: name, line: key.mark?.line ?? node.line, value: node))
            }
            content = .mapping(entries)
        case .alias:
            throw YAMLError(
                file: file, line: line, path: path, problem: "is an alias, which is not used here")
        }
    }

    /// The members of a mapping that has no other keys than these.
    public func members(_ known: [String]) throws(YAMLError) -> [String: YAMLNode] {
        var found: [String: YAMLNode] = [:]
        for entry in try entries("a mapping of \(known.joined(separator: ", "))") {
            guard known.contains(entry.key) else {
                throw entry.error("is not a key here; known are \(known.joined(separator: ", "))")
            }
            found[entry.key] = entry.value
        }
        return found
    }

    /// The members of a mapping in order; no key stands twice.
    public func entries(_ expected: String = "a mapping") throws(YAMLError) -> [YAMLEntry] {
        guard case .mapping(let entries) = content else { throw unexpected(expected) }
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.key).inserted { throw entry.error("is given twice") }
        return entries
    }

    /// Whether this is a mapping.
    public var isMapping: Bool {
        if case .mapping = content { true } else { false }
    }

    /// Whether this is a list.
    public var isList: Bool {
        if case .list = content { true } else { false }
    }

    /// The text of a scalar, and whether it stands there without quotes; nil for a list or a mapping.
    public var scalar: (text: String, isPlain: Bool)? {
        guard case .scalar(let text, let isPlain) = content else { return nil }
        return (text, isPlain)
    }

    /// The elements of a list.
    public func list() throws(YAMLError) -> [YAMLNode] {
        guard case .list(let items) = content else { throw unexpected("a list") }
        return items
    }

    /// A text.
    public func string() throws(YAMLError) -> String {
        guard case .scalar(let text, _) = content else { throw unexpected("a text") }
        return text
    }

    /// A whole number.
    public func integer() throws(YAMLError) -> Int {
        guard case .scalar(let text, true) = content, let value = Int(text) else {
            throw unexpected("a whole number")
        }
        return value
    }

    /// A finite number of 0 or more.
    public func magnitude() throws(YAMLError) -> Double {
        guard case .scalar(let text, true) = content, let value = Double(text), value.isFinite, value >= 0
        else { throw unexpected("a number of 0 or more") }
        return value
    }

    /// A finite number.
    public func number() throws(YAMLError) -> Double {
        guard case .scalar(let text, true) = content, let value = Double(text), value.isFinite else {
            throw unexpected("a number")
        }
        return value
    }

    /// true or false.
    public func bool() throws(YAMLError) -> Bool {
        guard case .scalar(let text, true) = content, ["true", "false"].contains(text) else {
            throw unexpected("true or false")
        }
        return text == "true"
    }

    /// An error at this value.
    public func error(_ problem: String) -> YAMLError {
        YAMLError(file: file, line: line, path: path, problem: problem)
    }

    /// An error at a value of another kind than expected.
    public func unexpected(_ expected: String) -> YAMLError {
        switch content {
        case .scalar(let text, _): error("is \"\(text)\", expected \(expected)")
        case .list: error("is a list, expected \(expected)")
        case .mapping: error("is a mapping, expected \(expected)")
        }
    }
}

/// One member of a mapping; its key can stand on an earlier line than its value.
public struct YAMLEntry: Sendable {
    /// The key.
    public let key: String
    /// The key's line, from 1.
    public let line: Int
    /// The value.
    public let value: YAMLNode

    /// An error at the key.
    public func error(_ problem: String) -> YAMLError {
        YAMLError(file: value.file, line: line, path: value.path, problem: problem)
    }
}

/// Something wrong in a YAML file, with its place.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, as it was given.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The key path; empty for the whole document.
    public let path: String
    /// What is wrong; completes a sentence about the value.
    public let problem: String

    init(file: String, line: Int, path: String, problem: String) {
        (self.file, self.line, self.path, self.problem) = (file, line, path, problem)
    }

    init(file: String, _ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(file: file, line: mark.line, path: "", problem: "is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                file: file, line: context.mark.line, path: keys.first ?? "a key", problem: "is given twice")
        default:
            let sentence = "\(error)".split(separator: "\n").first.map(String.init) ?? "unknown error"
            self.init(file: file, line: 1, path: "", problem: "is not YAML: \(sentence)")
        }
    }

    /// One sentence: file, line, key, what was expected and found.
    public var description: String {
        "\(file):\(line): \(path.isEmpty ? "the document" : path) \(problem)"
    }
}
