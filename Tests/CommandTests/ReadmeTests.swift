import Foundation
import Testing

@Suite("README.md")
struct ReadmeTests {
    private static let lines: [String] = {
        let path = Command.root + "/README.md"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n")
    }()

    /// The fenced block of the page that begins with this line.
    private func block(_ first: String) throws -> [String] {
        let start = try #require(
            Self.lines.indices.first { Self.lines[$0] == first && Self.lines[$0 - 1] == "```" })
        return Array(Self.lines[start...].prefix { $0 != "```" })
    }

    @Test(
        "what it quotes is what the commands print",
        arguments: [
            ("Conditioning audio", ["run", "golden/silent-output.h5"]),
            ("collator.surplus-placeholder (defect)", ["explain", "golden/silent-output.h5"]),
            (
                "Differs: 22 of 63 differ. First in sample 000000, generation/input/audio_logits.",
                ["compare", "golden/budget.h5", "golden/voice-clone.h5"]
            ),
            (
                "4 of 21 files are silent, 3 plausible.", ["audio", "golden/sound"]
            ),
        ])
    func quotes(first: String, arguments: [String]) async throws {
        let printed = try await Command.run(arguments).output
        let quoted = try block(first)
        #expect(printed.contains(quoted.joined(separator: "\n")), "\(quoted)")
    }

    @Test("its table of recordings has the exit code of each")
    func exitCodes() throws {
        let rows = Self.lines.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        var listed: [String: String] = [:]
        for row in rows where row.count == 3 && Int(row[2]) != nil {
            for name in row[0].components(separatedBy: ", ") {
                listed[name.trimmingCharacters(in: ["`"])] = row[2]
            }
        }
        let path = Command.root + "/golden/expected-exit-codes.txt"
        let expected = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ").map(String.init) }
        #expect(listed == Dictionary(uniqueKeysWithValues: expected.map { ($0[0], $0[1]) }))
    }

    @Test("its table of commands has every command")
    func commands() async throws {
        let help = try await Command.run("--help").output.components(separatedBy: "\n")
        let names = help.drop { !$0.contains("SUBCOMMANDS") }.dropFirst()
            .compactMap { line in
                line.hasPrefix("  ") && !line.hasPrefix("   ") ? line.split(separator: " ").first : nil
            }
            .filter { $0 != "See" && $0 != "help" }
        #expect(names.count >= 9)
        for name in names {
            #expect(Self.lines.contains { $0.hasPrefix("| `\(name) ") }, "\(name)")
        }
    }
}
