public import AlignmentJSON

/// The format of a profile's file as JSON Schema; docs/profile.schema.json is this.
public enum ProfileSchema {
    /// The schema, made of the knob table.
    public static var document: JSONValue {
        var properties: [String: JSONValue] = [
            "schema_version": .object(["const": .integer(1)]),
            "name": text("What reports call the profile."),
            "summary": text("What it describes, in one sentence."),
            "extends": .object([
                "enum": .array(ProfileDescription.builtin.map { .string($0.name) }),
                "default": .string(ProfileDescription.serveEngine.name),
                "description": .string("The built-in profile whose values hold for all knobs left out."),
            ]),
        ]
        for stage in Stage.allCases { properties[stage.rawValue] = section(of: stage) }
        return .object([
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "title": .string("Profile of a Higgs Audio v2 pipeline for higgs-diagnose"),
            "type": .string("object"), "additionalProperties": .bool(false),
            "properties": .object(properties),
        ])
    }

    private static func text(_ description: String) -> JSONValue {
        .object([
            "type": .string("string"), "minLength": .integer(1), "description": .string(description),
        ])
    }

    private static func section(of stage: Stage) -> JSONValue {
        let knobs = Knob.all.filter { $0.stage == stage }
        return .object([
            "type": .string("object"), "additionalProperties": .bool(false),
            "properties": .object(
                Dictionary(uniqueKeysWithValues: knobs.map { ($0.name, property(of: $0)) })),
        ])
    }

    private static func property(of knob: Knob) -> JSONValue {
        let bounds = KnobBounds.table[knob.key]?.schema ?? [:]
        var own = knob.valueSchema
        // The bounds of a list are those of each of its numbers.
        if case .object(let items)? = own["items"] {
            own["items"] = .object(items.merging(bounds) { $1 })
        } else {
            own.merge(bounds) { $1 }
        }
        let names = ModelValue.allCases.filter { $0.fits(knob) }.map { JSONValue.string($0.rawValue) }
        guard !names.isEmpty else {
            return .object(own.merging(["description": .string(knob.summary)]) { $1 })
        }
        let model: JSONValue = .object([
            "type": .string("object"), "additionalProperties": .bool(false),
            "required": .array([.string("$model")]),
            "properties": .object(["$model": .object(["enum": .array(names)])]),
        ])
        return .object([
            "description": .string(knob.summary), "anyOf": .array([.object(own), model]),
        ])
    }
}

extension Knob {
    /// The key without its stage, as a section of a profile's file has it.
    public var name: String { String(key.dropFirst(stage.rawValue.count + 1)) }
}
