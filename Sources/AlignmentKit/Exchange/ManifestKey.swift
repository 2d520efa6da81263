public import AlignmentJSON

/// A key of the manifest: what it takes and means. The schema, the reader and the documentation come from it.
public struct ManifestKey: Sendable {
    /// Its name.
    public let name: String
    /// What it takes.
    public let type: ManifestType
    /// Whether it must stand there.
    public let isRequired: Bool
    /// What it means, in a sentence or two.
    public let summary: String

    init(_ name: String, _ type: ManifestType, required isRequired: Bool = false, _ summary: String) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.summary = summary
    }

    /// The keys of a manifest.
    public static let manifest: [ManifestKey] = [
        ManifestKey(
            "format", .constant(.string(ImportManifest.format)), required: true,
            "Says that this is a manifest."),
        ManifestKey(
            "format_version", .constant(.integer(ImportManifest.version)), required: true,
            "The version of the manifest's format."),
        ManifestKey(
            "provenance", .documentOrNull,
            "What made the dumps: name, version, device, dtype, seed, as you like. Becomes /provenance.json."),
        ManifestKey(
            "model", .configuration(ReleasedConfiguration.names),
            "The model's configuration, or the name of a released one. Becomes /config/model.json."),
        ManifestKey(
            "tokens", .configuration(ReleasedConfiguration.names),
            "The special tokens' ids, or the name of a released model. Becomes /config/tokens.json."),
        ManifestKey(
            "profile", .document,
            "How the pipeline was set: `<stage>.<knob>` keys, see `higgs-diagnose profile show serve-engine`. "
                + "Becomes /profile.json."),
        ManifestKey(
            "archive", .record(archive),
            "Identity of the archive, as an export keeps it; a new one if left out."),
        ManifestKey(
            "tensors", .records(tensor),
            "Tensors whose file or labels do not follow from the file's name alone."),
        ManifestKey("none", .texts, "Paths at which a Python None stands."),
        ManifestKey("groups", .texts, "Groups that hold nothing."),
        ManifestKey(
            "as_is", .texts,
            "Patterns of paths (* within a name, ** across names) that are stored as found, although the format does not know them or wants others."
        ),
        ManifestKey(
            "ignore", .texts,
            "Patterns of files (* within a name, ** across names) that are left out; `file.safetensors#key` for one tensor of a file."
        ),
    ]

    /// The keys of `archive`.
    static let archive: [ManifestKey] = [
        ManifestKey("id", .text, "A UUID."),
        ManifestKey("created_at", .text, "When it was made, ISO 8601."),
        ManifestKey("created_by", .text, "Name and version of the program that made it."),
    ]

    /// The keys of an element of `tensors`.
    public static let tensor: [ManifestKey] = [
        ManifestKey(
            "path", .text, required: true, "Where the tensor goes in the archive, without a slash in front."),
        ManifestKey(
            "file", .text,
            "The file that holds it, relative to the folder: .npy, .safetensors, anything else is raw. "
                + "If left out, the file that the path names."),
        ManifestKey("key", .text, "The tensor's name in a .safetensors file; the path if left out."),
        ManifestKey(
            "dtype", .choice(ElementType.nameable.map(\.rawValue)),
            "The elements' type: required for a raw file, checked for others. bfloat16 reads an .npy of uint16 so."
        ),
        ManifestKey(
            "shape", .sizes, "The extents, outermost first: required for a raw file, checked for others."),
        ManifestKey("axes", .texts, "The name of each axis."),
        ManifestKey("sample_rate", .count, "Samples per second of a waveform."),
        ManifestKey(
            "subtype", .text, "How a sound file stored the samples, as libsndfile says it, such as PCM_16."),
        ManifestKey(
            "sound_file", .text, "The base name of the sound file that the samples were read back from."),
    ]
}

/// What a key of the manifest takes.
public indirect enum ManifestType: Sendable {
    case constant(JSONValue)
    case text
    case texts
    case choice([String])
    case count
    case sizes
    case document
    case documentOrNull
    case configuration([String])
    case record([ManifestKey])
    case records([ManifestKey])

    /// What is wrong with a value, and where; nil if nothing is.
    func problem(with value: JSONValue, at place: String) -> (place: String, what: String)? {
        switch (self, value) {
        case (.constant(let expected), _):
            return value == expected
                ? nil : (place, "is \(value.compactText.prefix(64)), expected \(expected.compactText)")
        case (.text, .string), (.document, .object), (.documentOrNull, .object), (.documentOrNull, .null),
            (.configuration, .object), (.configuration, .null):
            return nil
        case (.texts, .array(let elements)):
            return elements.indices.first { elements[$0].string == nil }.map {
                ("\(place)[\($0)]", "is no text")
            }
        case (.choice(let names), .string(let name)), (.configuration(let names), .string(let name)):
            return names.contains(name)
                ? nil : (place, "is \"\(name.prefix(64))\", expected one of \(names.joined(separator: ", "))")
        case (.count, .integer(1...)): return nil
        case (.sizes, .array):
            return value.sizes == nil ? (place, "is no list of sizes, whole numbers from 0 on") : nil
        case (.record(let keys), .object(let members)): return Self.problem(in: members, keys, at: place)
        case (.records(let keys), .array(let elements)):
            for (index, element) in elements.enumerated() {
                let place = "\(place)[\(index)]"
                if let problem = Self.record(keys).problem(with: element, at: place) { return problem }
            }
            return nil
        default: return (place, "is \(value.kindPhrase), expected \(phrase)")
        }
    }

    /// What is wrong with the members of an object.
    static func problem(
        in members: [String: JSONValue], _ keys: [ManifestKey], at place: String
    ) -> (place: String, what: String)? {
        let prefix = place.isEmpty ? "" : "\(place)."
        let known = keys.map(\.name)
        if let unknown = members.keys.filter({ !known.contains($0) }).min() {
            return (
                "\(prefix)\(unknown)", "is no key of the format, which are \(known.joined(separator: ", "))"
            )
        }
        for key in keys {
            guard let value = members[key.name] else {
                if key.isRequired { return ("\(prefix)\(key.name)", "is missing") }
                continue
            }
            if let problem = key.type.problem(with: value, at: prefix + key.name) { return problem }
        }
        return nil
    }

    /// What is expected, for people.
    public var phrase: String {
        switch self {
        case .constant(let value): value.compactText
        case .text: "a text"
        case .texts: "a list of texts"
        case .choice(let names): "one of \(names.joined(separator: ", "))"
        case .count: "a whole number above 0"
        case .sizes: "a list of sizes"
        case .document: "an object"
        case .documentOrNull: "an object or null"
        case .configuration: "a name, an object or null"
        case .record: "an object"
        case .records: "a list of objects"
        }
    }
}

extension JSONValue {
    fileprivate var kindPhrase: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .integer, .number: "the number \(compactText)"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
