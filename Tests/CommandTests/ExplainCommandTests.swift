import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("The command explain")
struct ExplainCommandTests {
    private func report(_ arguments: String...) async throws -> (ExplanationReport, [String: Any], Int32) {
        let command = try await Command.run(["explain", "--format", "json"] + arguments)
        let data = Data(command.output.utf8)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return (try JSONText.decode(ExplanationReport.self, from: data), json, command.status)
    }

    @Test(
        "each recording has its verdict and exit code",
        arguments: [
            ("voice-clone", "aligned", 0), ("voice-clone-greedy", "aligned", 0), ("plain", "aligned", 0),
            ("two-segments", "aligned", 0), ("budget", "explained", 1), ("silent-output", "explained", 1),
            ("story-fix", "explained", 1), ("real-3b-tokens", "explained", 1),
        ])
    func recordings(name: String, verdict: String, status: Int32) async throws {
        let (report, json, found) = try await report("golden/\(name).h5")
        #expect(report.verdict.rawValue == verdict && found == status)
        #expect(json["path"] as? String == "golden/\(name).h5")
        #expect(json["schema_version"] as? Int == 1)
    }

    @Test("a cause has every key of the contract, null where there is nothing")
    func keys() async throws {
        let (_, json, _) = try await report("golden/budget.h5")
        let cause = try #require((json["causes"] as? [[String: Any]])?.first)
        let keys: Set = [
            "id", "stage", "kind", "title", "effect_alone", "effect_here", "proof", "exact", "identified",
            "equivalent", "would_separate", "attribution", "evidence", "fix", "changes", "site", "recovery",
            "consequences",
            "samples",
        ]
        #expect(keys.isSubset(of: cause.keys))
        #expect(cause["effect_here"] is NSNull)
    }

    @Test("a script for upstream comes whole into a new folder, and never into one that is there")
    func repro() async throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/repro"
        let command = try await Command.run("explain", "golden/silent-output.h5", "--write-repro", folder)
        #expect(command.status == 1)
        #expect(
            command.errors.hasSuffix(
                "repro: wrote repro.py, capture.h5, issue.md (collator.surplus-placeholder).\n"))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(files == ["capture.h5", "issue.md", "repro.py"])
        let script = try String(contentsOfFile: folder + "/repro.py", encoding: .utf8)
        #expect(!script.contains(scratch.path) && script.split(separator: "\n").count < 90)
        let again = try await Command.run("explain", "golden/budget.h5", "--write-repro", folder)
        #expect(again.status == 2 && again.output.isEmpty && again.errors.contains("repro"))
        #expect(try String(contentsOfFile: folder + "/repro.py", encoding: .utf8) == script)
    }

    @Test(
        "without a thing to write there is a note and no folder",
        arguments: [
            ("--write-repro", "golden/voice-clone.h5", 0, "there is no cause to show"),
            ("--write-repaired", "golden/voice-clone.h5", 0, "nothing is to be repaired"),
            ("--write-repro", "golden/none.h5", 2, "golden/none.h5"),
            ("--write-repaired", "README.md", 2, "README.md"),
        ] as [(String, String, Int32, String)])
    func nothingToWrite(option: String, archive: String, status: Int32, note: String) async throws {
        let scratch = try Scratch()
        let command = try await Command.run("explain", archive, option, scratch.path + "/out")
        #expect(command.status == status)
        #expect(command.errors.contains(note), "\(command.errors)")
        #expect(command.errors.split(separator: "\n").count == 1)
        #expect(scratch.contents.isEmpty)
    }

    @Test("two things to write need two folders")
    func twoFolders() async throws {
        let scratch = try Scratch()
        let out = scratch.path + "/out"
        let command = try await Command.run(
            "explain", "golden/budget.h5", "--write-repro", out, "--write-repaired", out)
        #expect(command.status == 64 && command.errors.contains("need a folder each"))
        #expect(scratch.contents.isEmpty)
    }

    @Test("settings alone fail only where they should")
    func strict() async throws {
        #expect(try await Command.run("explain", "golden/voice-clone-greedy.h5").status == 0)
        #expect(try await Command.run("explain", "golden/voice-clone-greedy.h5", "--strict").status == 1)
        #expect(try await Command.run("explain", "golden/budget.h5", "--strict").status == 1)
    }

    @Test("against a good run, what changed since is the cause, and what both do is not")
    func against() async throws {
        let (changed, _, status) = try await report(
            "golden/silent-output.h5", "--against", "golden/voice-clone.h5")
        #expect(status == 1 && changed.reference == "golden/voice-clone.h5")
        #expect(changed.causes.map(\.id) == ["collator.surplus-placeholder"])
        let (same, _, none) = try await report(
            "golden/silent-output.h5", "--against", "golden/silent-output.h5")
        #expect(none == 0 && same.causes.isEmpty && same.settings.isEmpty)
    }

    @Test("against a good run, other versions and other files of upstream are named")
    func changes() async throws {
        let scratch = try Scratch()
        let file = try scratch.file(
            "later.h5", Data(contentsOf: URL(fileURLWithPath: Command.root + "/golden/plain.h5")))
        try await MutatedArchiveTests.python(
            """
            import h5py, json
            with h5py.File('\(file)', 'r+') as f:
                said = json.loads(f['provenance.json'][()])
                said['packages']['transformers'] = '4.47.0'
                said['source_sha256']['boson_multimodal/model/higgs_audio/utils.py'] = 'f' * 64
                said['torch']['initial_seed'] = 9
                del f['provenance.json']
                f['provenance.json'] = json.dumps(said)
            """)
        let (changed, _, status) = try await report(
            file, "--against", "golden/plain.h5", "--codec", "golden/weights/tiny-checkpoint.h5")
        #expect(status == 0)
        #expect(
            changed.samples.first?.notes == [
                "since the good run: packages.transformers was 4.46.3 and is 4.47.0",
                "since the good run: boson_multimodal/model/higgs_audio/utils.py has another text",
            ])
    }

    @Test(
        "what cannot be read is one sentence and exit 2",
        arguments: ["golden/none.h5", "golden", "README.md"])
    func unreadable(path: String) async throws {
        let command = try await Command.run("explain", path)
        #expect(command.status == 2 && command.output.isEmpty)
        #expect(command.errors.hasPrefix(path) && command.errors.split(separator: "\n").count == 1)
        let other = try await Command.run("explain", "golden/plain.h5", "--against", path)
        #expect(other.status == 2 && other.errors.contains(path))
    }
}
