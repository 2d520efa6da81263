import AlignmentKit
@testable import AlignmentStages
import Foundation
import Testing

/// The schema, the page and the knob table say the same.
@Suite("The profile's documentation")
struct ProfileSchemaTests {
    private static func text(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/\(name)"), encoding: .utf8)
    }

    @Test("docs/profile.schema.json is the program's own schema")
    func committed() throws {
        let committed = try StrictJSON.parse(Array(try Self.text("profile.schema.json").utf8))
        #expect(
            committed == ProfileSchema.document, "higgs-diagnose profile schema > docs/profile.schema.json")
    }

    @Test("docs/profiles.md has the table of every knob and of every value of the model")
    func page() throws {
        let page = try Self.text("profiles.md")
        for table in KnobSheet().markdown.components(separatedBy: "\n\n") {
            #expect(page.contains(table), "higgs-diagnose profile knobs --format markdown prints both tables")
        }
        for knob in Knob.all { #expect(page.components(separatedBy: "| `\(knob.key)` |").count == 2) }
    }

    /// What any knob may meet, right or wrong.
    private static let probes: [JSONValue] =
        [.null, .bool(true), .string("text"), .array([]), .array([.integer(1)]), .array([.string("clip")])]
        + [[1, 0], [0, -1], [10_000_001, 0], [0, -10_000_000], [0, 0, 0]].map {
            .array($0.map(JSONValue.integer))
        }
        + [-2, -1, 0, 1, 2, 8, 9, 1024, 1025, 999_999, 1_000_000, 1 << 40].map(JSONValue.integer)
        + [-0.5, 0.001, 0.5, 999_999.5].map(JSONValue.number)
        + [
            "left", "none", "empty", "given", "attached", "exclusive", "with-total", "absent", "other",
            "peak", "as-encoded",
            "delayed-bare", "wrap", "zero", "transposed", "direction-only", "appended",
        ]
        .map(JSONValue.string)

    @Test("the schema takes a value exactly where the knob does", arguments: Knob.all.map(\.key))
    func agrees(key: String) throws {
        let knob = try #require(Knob.named(key))
        let section = ProfileSchema.document["properties"]?[knob.stage.rawValue]
        let schema = try #require(section?["properties"]?[knob.name])
        for probe in Self.probes {
            var profile = Profile.blank
            #expect(
                Self.accepts(schema, probe) == knob.set(probe, in: &profile),
                "\(key) \(probe.compactText): the bounds of KnobBounds are not the knob's")
        }
        for value in ModelValue.allCases {
            #expect(
                Self.accepts(schema, .object(["$model": .string(value.rawValue)])) == value.fits(knob))
        }
    }

    /// Whether a JSON Schema of the words that the profile's uses takes a value.
    private static func accepts(_ schema: JSONValue, _ value: JSONValue) -> Bool {
        if let choices = schema["anyOf"]?.array, !choices.contains(where: { accepts($0, value) }) {
            return false
        }
        if let names = schema["enum"]?.array, !names.contains(value) { return false }
        let types = schema["type"]?.array ?? schema["type"].map { [$0] }
        if let types, !types.contains(where: { isOf($0.string ?? "", value) }) { return false }
        if let items = value.array {
            if let least = schema["minItems"]?.int, items.count < least { return false }
            if let most = schema["maxItems"]?.int, items.count > most { return false }
        }
        if let item = schema["items"], let items = value.array, !items.allSatisfy({ accepts(item, $0) }) {
            return false
        }
        if case .object(let members) = value {
            let properties = schema["properties"]?.object ?? [:]
            guard members.allSatisfy({ key, inner in properties[key].map { accepts($0, inner) } ?? false })
            else {
                return schema["anyOf"] != nil
            }
        }
        guard let number = value.double else { return true }
        if let least = schema["minimum"]?.double, number < least { return false }
        if let most = schema["maximum"]?.double, number > most { return false }
        if let least = schema["exclusiveMinimum"]?.double, number <= least { return false }
        if let most = schema["exclusiveMaximum"]?.double, number >= most { return false }
        return true
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch type {
        case "null": value == .null
        case "boolean": value.bool != nil
        case "integer": value.int != nil
        case "number": value.double != nil
        case "string": value.string != nil
        case "array": value.array != nil
        case "object": value.object != nil
        default: false
        }
    }
}
