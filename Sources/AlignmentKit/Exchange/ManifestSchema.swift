public import AlignmentJSON

/// The manifest's format as JSON Schema; docs/import-manifest.schema.json is this.
public enum ManifestSchema {
    /// The schema.
    public static var document: JSONValue {
        var schema = object(of: ManifestKey.manifest)
        schema["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
        schema["title"] = .string("Manifest of a folder of dumps for higgs-diagnose import")
        return .object(schema)
    }

    private static func object(of keys: [ManifestKey]) -> [String: JSONValue] {
        var schema: [String: JSONValue] = [
            "type": .string("object"), "additionalProperties": .bool(false),
            "properties": .object(
                Dictionary(
                    uniqueKeysWithValues: keys.map { key in
                        var property = property(of: key.type)
                        property["description"] = .string(key.summary)
                        return (key.name, .object(property))
                    })),
        ]
        let required = keys.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return schema
    }

    private static func property(of type: ManifestType) -> [String: JSONValue] {
        func list(of element: [String: JSONValue]) -> [String: JSONValue] {
            ["type": .string("array"), "items": .object(element)]
        }
        let names = { (names: [String]) in JSONValue.array(names.map(JSONValue.string)) }
        switch type {
        case .constant(let value): return ["const": value]
        case .text: return ["type": .string("string")]
        case .texts: return list(of: ["type": .string("string")])
        case .choice(let choices): return ["enum": names(choices)]
        case .count: return ["type": .string("integer"), "minimum": .integer(1)]
        case .sizes: return list(of: ["type": .string("integer"), "minimum": .integer(0)])
        case .document: return ["type": .string("object")]
        case .documentOrNull: return ["type": names(["object", "null"])]
        case .configuration(let choices):
            return [
                "oneOf": .array([
                    .object(["enum": names(choices)]), .object(["type": .string("object")]),
                    .object(["type": .string("null")]),
                ])
            ]
        case .record(let keys): return object(of: keys)
        case .records(let keys): return list(of: object(of: keys))
        }
    }
}
