import AlignmentDiagnosis
import AlignmentKit
import Foundation
import Testing

@Suite("The story's page")
struct StoryPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// All Swift files below a folder, one text.
    private static func swift(below folder: String) -> String {
        let files = FileManager.default.enumerator(
            at: root.appending(path: folder), includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
            .compactMap { try? String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
    }

    /// The page without the first column of its first tables, which has the design's own names.
    private static func page() throws -> String {
        let page = try #require(text("docs/story.md"))
        let heading = "## What upstream's code bears out"
        let parts = page.components(separatedBy: heading)
        try #require(parts.count == 2)
        let places = parts[0].split(separator: "\n").map { line in
            line.hasPrefix("| ")
                ? line.components(separatedBy: " | ").dropFirst().joined(separator: " | ") : String(line)
        }
        return (places + [heading, parts[1]]).joined(separator: "\n")
    }

    @Test("docs/story.md names only what there is")
    func names() throws {
        let page = try Self.page()
        let sources = Self.swift(below: "Sources")
        var checked = 0
        for match in page.matches(of: /`([^`\n]+)`/) {
            let name = String(match.1)
            checked += 1
            if name.contains("/") {
                #expect(FileManager.default.fileExists(atPath: Self.root.path + "/" + name), "\(name)")
            } else if name.hasPrefix("higgs-diagnose ") {
                // A command of a command takes its name from its type.
                let words = name.split(separator: " ").dropFirst()
                let subcommand = words.dropFirst().first.map { "struct \($0.capitalized):" } ?? ""
                #expect(sources.contains("commandName: \"\(words.first ?? "")\""), "\(name)")
                #expect(subcommand.isEmpty || sources.contains(subcommand), "\(name)")
            } else if let type = name.wholeMatch(of: /([A-Z][A-Za-z]+)(?:\.([a-z][A-Za-z]+))?/) {
                let declaration = try Regex("(struct|enum|class|actor|typealias|extension) \(type.1)\\b")
                #expect(sources.contains(declaration), "\(type.1)")
                if let member = type.2 {
                    let found = try Regex(
                        "(func|var|let|case|static let|static var|static func) \(member)\\b")
                    #expect(sources.contains(found), "\(name)")
                }
            } else if name.contains("."), !name.hasSuffix(".json") {
                #expect(Deviation.catalogue.contains { $0.id == name } || Knob.named(name) != nil, "\(name)")
            } else if !Self.upstreams.contains(name) {
                #expect(sources.contains("\"\(name)\""), "\(name)")
            }
        }
        #expect(checked > 60)
    }

    /// Words of upstream's code and of the recordings that stand for nothing of ours.
    private static let upstreams: Set = [
        "return_audio_in_tokens", "<\\|AUDIO\\|>", "round_to", "codebook_size", "quantizer_dim",
        "messages.json",
    ]

    @Test("every test that docs/story.md names stands in the file that it names")
    func tests() throws {
        let page = try Self.page()
        let all = Self.swift(below: "Tests")
        var checked = 0
        for match in page.matches(of: /"([^"\n]+)"(?: in `(Tests[^`]+)`)?/) {
            let title = match.1.replacingOccurrences(of: "\\|", with: "|")
            guard title != "Missing EOS token" else { continue }
            checked += 1
            let text = try match.2.map { try #require(Self.text(String($0)), "\($0)") } ?? all
            #expect(text.contains("\"\(title)\""), "\(title)")
        }
        #expect(checked > 20)
    }
}
