internal import AlignmentJSON
internal import AlignmentTensors

extension ArchiveVerifier {
    /// Compares one object with the row of the layout for its path; its elements are not read.
    mutating func checkLayout(of path: [String], _ kind: ObjectKind, _ node: LayoutNode?) throws(ArchiveError)
    {
        let text = Self.text(path)
        let attributes: TensorAttributes? =
            kind == .tensor || kind == .pythonNone ? try reader.attributes(at: text) : nil
        if let axes = attributes?.labels.axes, let shape = attributes?.shape, axes.count != shape.rank {
            note(text, .axesCount(axes, shape))
        }
        guard let node else { return }
        switch (node.row?.content, kind) {
        case (.tensor(let rule), .tensor):
            if let attributes { try check(attributes, by: rule, path) }
        case (.tensor(let rule), .pythonNone) where rule.allowsNone: break
        case (.json, .json), (.text, .json): break
        default: note(text, .wrongKind(expected: node.expectation, found: kind))
        }
    }

    private mutating func check(
        _ attributes: TensorAttributes, by rule: TensorRule, _ path: [String]
    ) throws(ArchiveError) {
        guard let dtype = attributes.dtype, let shape = attributes.shape else { return }
        let text = Self.text(path)
        if !rule.dtypes.isEmpty, !rule.dtypes.contains(dtype) {
            note(text, .wrongDType(expected: rule.dtypes, found: dtype))
        }
        let axes = rule.axes.first { $0.count == shape.rank }
        if !rule.axes.isEmpty, axes == nil { note(text, .wrongRank(expected: rule.axes, found: shape)) }
        if let axes, let found = attributes.labels.axes, found.count == shape.rank, found != axes {
            note(text, .wrongAxes(expected: [axes], found: found))
        }
        for name in rule.attributes where attributes.labels.lacks(name) {
            note(text, .error(ArchiveError(file: reader.file, path: text, .missingAttribute(name))))
        }
        for (axis, extent) in zip(axes ?? [], shape.extents) where rule.sharedAxes.contains(axis) {
            checkShared(axis, extent, path)
        }
    }

    private mutating func checkShared(_ axis: String, _ extent: Int, _ path: [String]) {
        let text = Self.text(path)
        let key = Self.text(Array(path.prefix(3))) + " " + axis
        guard let first = sharedExtents[key] else {
            sharedExtents[key] = (extent, text)
            return
        }
        if first.extent != extent {
            note(text, .extentsDiffer(axis: axis, found: extent, other: first.path, expected: first.extent))
        }
    }

    /// Compares a JSON document with the rule for its path.
    mutating func checkDocument(_ document: JSONValue, at path: String, _ node: LayoutNode?) {
        guard case .json(let rule) = node?.row?.content else { return }
        for problem in rule.problems(of: document) { note(path, problem) }
        if case .profile = rule { for problem in profileCheck(document) { note(path, problem) } }
    }
}

extension TensorLabels {
    fileprivate func lacks(_ name: String) -> Bool {
        switch name {
        case "axes": axes == nil
        case "sample_rate": sampleRate == nil
        case "subtype": subtype == nil
        default: file == nil
        }
    }
}

extension LayoutNode {
    /// What stands here, for people.
    var expectation: String {
        switch row?.content {
        case nil: "a group"
        case .tensor(let rule): rule.allowsNone ? "a tensor or a stored None" : "a tensor"
        case .json: "a JSON document"
        case .text: "a text"
        }
    }
}
