import AlignmentKit
import Foundation
import Testing

/// The schema, the page and the program say the same.
@Suite("The manifest's documentation")
struct ManifestDocumentationTests {
    private static func text(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/\(name)"), encoding: .utf8)
    }

    @Test("docs/import-manifest.schema.json is the program's own schema")
    func schema() throws {
        let committed = try StrictJSON.parse(Array(try Self.text("import-manifest.schema.json").utf8))
        #expect(committed == ManifestSchema.document)
    }

    @Test("docs/porting.md has a row for every key, with the same words, and for no other")
    func page() throws {
        let page = try Self.text("porting.md")
        for (title, keys) in [
            ("Keys of the manifest", ManifestKey.manifest), ("Keys of `tensors`", ManifestKey.tensor),
        ] {
            let section = try #require(page.components(separatedBy: "### \(title)\n").dropFirst().first)
                .components(separatedBy: "\n#")[0]
            let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
            #expect(
                rows
                    == keys.map { key in
                        "| `\(key.name)` | \(key.type.phrase) | \(key.isRequired ? "yes" : "") | \(key.summary) |"
                    })
        }
    }
}
