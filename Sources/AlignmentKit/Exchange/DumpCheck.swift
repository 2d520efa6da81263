import AlignmentArchive
import AlignmentTensors

/// An object that is to stand in an archive.
struct PlannedObject: Sendable {
    /// Its path, without a slash in front.
    let path: String
    /// What it is.
    let content: Content
    /// The file that it comes from, for messages.
    let file: String
    /// Nothing of the format's rules is asked of it.
    let isAsIs: Bool

    /// What an object is.
    enum Content: Sendable {
        case json
        case text
        case pythonNone
        case tensor(ElementType, Shape, TensorLabels)
    }

    /// The extents of a tensor.
    var shape: Shape? {
        guard case .tensor(_, let shape, _) = content else { return nil }
        return shape
    }
}

/// What is wrong with an object's place in an archive.
struct DumpProblem: Sendable {
    /// The object.
    let object: PlannedObject
    /// What was expected and what was found, in one clause.
    let what: String
    /// What to do, in one clause.
    let remedy: String
}

/// Checks that objects can stand in one archive and that every command can use them.
struct DumpCheck {
    private let objects: [PlannedObject]
    private let byPath: [String: PlannedObject]

    /// What is wrong, in the order of the objects; objects that are as they are have no problems.
    static func problems(of objects: [PlannedObject]) -> [DumpProblem] {
        let check = DumpCheck(
            objects: objects,
            byPath: Dictionary(objects.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }))
        let gaps = check.gaps
        return objects.filter { !$0.isAsIs }.compactMap { object in
            (check.ownProblem(object) ?? gaps[object.path] ?? check.missing(for: object)
                ?? check.steps(object))
                .map { DumpProblem(object: object, what: $0.what, remedy: $0.remedy) }
        }
    }

    private typealias Clause = (what: String, remedy: String)

    // MARK: One object

    private func ownProblem(_ object: PlannedObject) -> Clause? {
        guard let rule = DumpLayout.rule(for: object.path) else {
            return (
                "is no path of the archive format", "see docs/golden-format.md, or list it in as_is or ignore"
            )
        }
        let rewrite = "write it again, or list the path in as_is"
        switch (rule.content, object.content) {
        case (.json, .json), (.text, .text), (.optionalTensor, .pythonNone): return nil
        case (.json, _): return ("is a JSON document in the archive format, not \(object.phrase)", rewrite)
        case (.text, _): return ("is a plain text in the archive format, not \(object.phrase)", rewrite)
        case (.tensor(let elements, let rank), .tensor(let type, let shape, let labels)),
            (.optionalTensor(let elements, let rank), .tensor(let type, let shape, let labels)):
            if elements.dtype(for: type) == nil {
                let hint =
                    [.uint16, .void2].contains(type)
                    ? "; where that is bfloat16, give its dtype in the manifest" : ""
                return ("has elements of type \(type.rawValue), expected \(elements.phrase)\(hint)", rewrite)
            }
            guard rank.contains(shape.rank) else {
                let axes =
                    rank.lowerBound == rank.upperBound
                    ? "\(rank.lowerBound)" : "\(rank.lowerBound) to \(rank.upperBound)"
                return ("has the shape \(shape), expected \(axes) \(axes == "1" ? "axis" : "axes")", rewrite)
            }
            if let axes = labels.axes, axes.count != shape.rank {
                return ("has names for \(axes.count) axes and the shape \(shape)", "name each axis once")
            }
            if let axes = labels.axes, !rule.axes.isEmpty, !rule.axes.contains(axes) {
                let expected = rule.axes.first { $0.count == axes.count } ?? []
                return ("has the axes \(axes), expected \(expected)", "correct them in the manifest")
            }
            if let missing = rule.labels.first(where: labels.lacks) {
                return (
                    "has no \(missing == "file" ? "sound_file" : missing)",
                    "give it in the manifest's tensors"
                )
            }
            return nil
        case (.tensor, _), (.optionalTensor, _):
            return ("is a tensor in the archive format, not \(object.phrase)", rewrite)
        }
    }

    // MARK: Several objects

    /// Objects in a group of numbers that leaves one out.
    private var gaps: [String: Clause] {
        var numbers: [String: Set<Int>] = [:]
        var places: [(object: String, group: String)] = []
        for object in objects where !object.isAsIs {
            guard let rule = DumpLayout.rule(for: object.path) else { continue }
            let names = object.path.split(separator: "/")
            for (index, part) in rule.pattern.enumerated() where part == "<k>" {
                let group = names[..<index].joined(separator: "/")
                numbers[group, default: []].insert(Int(names[index]) ?? 0)
                places.append((object.path, group))
            }
        }
        let holes = numbers.compactMapValues { found in (0..<found.count).first { !found.contains($0) } }
        var clauses: [String: Clause] = [:]
        for place in places {
            guard let hole = holes[place.group] else { continue }
            clauses[place.object] = (
                "stands in a group without \(place.group)/\(hole)", "number from 0 without gaps"
            )
        }
        return clauses
    }

    /// What an object's stage cannot do without and does not have.
    private func missing(for object: PlannedObject) -> Clause? {
        let names = object.path.split(separator: "/").map(String.init)
        guard names.count > 3, names[0] == "samples" else { return nil }
        let stage = names[..<3].joined(separator: "/")
        let isRecorded = names[3] != "input" && object.shape != nil
        func needs(_ path: String) -> Clause? {
            byPath["\(stage)/\(path)"] == nil
                ? ("cannot be used without \(stage)/\(path)", "dump that as well, or list the path in as_is")
                : nil
        }
        switch names[2] {
        case "collator":
            if names[3] == "input" {
                let item = names.count > 5 && names[4] == "items" ? "input/items/\(names[5])" : "input"
                let isSample = names.dropFirst(item == "input" ? 4 : 6).first == "sample"
                return needs("\(item)/prompt_ids") ?? (isSample ? needs("\(item)/sample/input_ids") : nil)
            }
            guard isRecorded, byPath["\(stage)/input/items/0/prompt_ids"] == nil else { return nil }
            return needs("input/prompt_ids")
        case "generation" where names.last == "audio_logits" || names.last == "scores":
            return object.shape?.extents.first == 0 ? nil : needs("captured/segments/0/delayed")
        case "tokens": return isRecorded ? needs("input/segments/0/delayed") : nil
        case "decode" where names.dropFirst(4).first == "calls":
            return isRecorded ? needs("input/calls/0/codes") : nil
        default: return nil
        }
    }

    /// Rows, one for each step, of another number than the streams that were drawn have.
    private func steps(_ object: PlannedObject) -> Clause? {
        let names = object.path.split(separator: "/")
        guard names.count == 5, names[0] == "samples", names[2] == "generation", let last = names.last,
            ["audio_logits", "scores", "num_delay", "num_remaining_delays"].contains(last),
            let shape = object.shape
        else { return nil }
        let generation = names[..<3].joined(separator: "/")
        var streams: [Shape] = []
        while let stream = byPath["\(generation)/captured/segments/\(streams.count)/delayed"]?.shape,
            stream.rank == 2
        {
            streams.append(stream)
        }
        let steps = streams.reduce(0) { $0 + max($1[1] - 1, 0) }
        if last == "scores", shape.rank == 3,
            let logits = byPath["\(generation)/input/audio_logits"]?.shape, logits.rank == 3,
            logits[2] != shape[2]
        {
            return ("has the shape \(shape), but the logits are of \(logits[2]) ids", "dump both in full")
        }
        guard steps > 0, let codebooks = streams.first?[0] else { return nil }
        guard shape[0] != steps || shape.rank == 3 && shape[1] != codebooks else { return nil }
        return (
            "has the shape \(shape), but the streams in captured/segments took \(steps) steps of \(codebooks) codebooks",
            "dump one row for each column after the first"
        )
    }
}

extension PlannedObject {
    /// What it is, for people.
    fileprivate var phrase: String {
        switch content {
        case .json: "a JSON document"
        case .text: "a plain text"
        case .pythonNone: "None"
        case .tensor: "a tensor"
        }
    }
}

extension TensorLabels {
    /// Whether a label of the format is not there.
    fileprivate func lacks(_ name: String) -> Bool {
        switch name {
        case "axes": axes == nil
        case "sample_rate": sampleRate == nil
        case "subtype": subtype == nil
        case "file": file == nil
        default: true
        }
    }
}
