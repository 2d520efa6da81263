import AlignmentArchive
import AlignmentJSON
import AlignmentTensors

/// The manifest beside an export: only what the files' names and headers do not say.
struct ExportManifest {
    let header: ArchiveHeader
    let values: [ExportListing.Value]
    let texts: [String]
    /// Texts whose names promise JSON that they are not.
    let malformed: Set<String>
    let emptyGroups: [String]
    let style: ArchiveExport.Style

    /// The manifest.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "format": .string(ImportManifest.format), "format_version": .integer(ImportManifest.version),
        ]
        for (key, path, isRequired) in ManifestDocuments.paths where isRequired && !texts.contains(path) {
            members[key] = .null
        }
        let identity = ["id": header.id, "created_at": header.createdAt, "created_by": header.createdBy]
        members["archive"] = .object(identity.compactMapValues { $0.map(JSONValue.string) })
        func list(_ key: String, _ elements: [JSONValue]) {
            if !elements.isEmpty { members[key] = .array(elements) }
        }
        list("tensors", values.compactMap(entry))
        list("none", values.filter { $0.attributes.dtype == nil }.map { .string($0.path) })
        list("groups", emptyGroups.map(JSONValue.string))
        list("as_is", asIs.map(JSONValue.string))
        return .object(members)
    }

    /// Paths at which `import` must not apply the format's rules, since what stands there breaks them.
    var asIs: [String] {
        let objects =
            values.map { value in
                object(
                    value.path,
                    value.attributes.dtype.flatMap { dtype in
                        value.attributes.shape.map {
                            .tensor(ElementType(dtype), $0, value.attributes.labels)
                        }
                    } ?? .pythonNone)
            } + texts.map { object($0, $0.hasSuffix(".json") ? .json : .text) }
        let problems = Set(DumpCheck.problems(of: objects).map(\.object.path))
        let changed = values.filter { value in
            guard let dtype = value.attributes.dtype else { return false }
            switch DumpLayout.rule(for: value.path)?.content {
            case .tensor(let elements, _), .optionalTensor(let elements, _):
                return elements.dtype(for: ElementType(dtype)) != dtype
            default: return false
            }
        }
        return problems.union(malformed).union(changed.map(\.path)).sorted()
    }

    private func object(_ path: String, _ content: PlannedObject.Content) -> PlannedObject {
        PlannedObject(path: path, content: content, file: "", isAsIs: false)
    }

    /// What a tensor's file does not say; nil if that is nothing.
    private func entry(of value: ExportListing.Value) -> JSONValue? {
        let labels = value.attributes.labels
        var members: [String: JSONValue] = [:]
        if style == .npy, value.attributes.dtype == .bfloat16 { members["dtype"] = .string("bfloat16") }
        if let axes = labels.axes { members["axes"] = .array(axes.map(JSONValue.string)) }
        if let rate = labels.sampleRate { members["sample_rate"] = .integer(rate) }
        if let subtype = labels.subtype { members["subtype"] = .string(subtype) }
        if let file = labels.file { members["sound_file"] = .string(file) }
        guard !members.isEmpty, value.attributes.dtype != nil else { return nil }
        members["path"] = .string(value.path)
        return .object(members)
    }
}
