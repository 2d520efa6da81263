import AlignmentKit
import Foundation
import TestSupport
import Testing

/// `inspect` and `verify` as a user sees them.
@Suite("inspect and verify")
struct InspectTests {
    private struct Results<Value: Decodable>: Decodable {
        var schemaVersion: Int
        var archives: [Value]
        var failures: [InputFailure]
    }

    private func json<Value: Decodable>(
        _ type: Value.Type, _ arguments: String...
    ) async throws -> (Results<Value>, Command) {
        let command = try await Command.run(arguments + ["--format", "json"])
        return (try JSONText.decode(Results<Value>.self, from: Data(command.output.utf8)), command)
    }

    @Test(
        "text fits 100 columns and has no colours",
        arguments: [
            ["inspect", "golden/silent-output.h5"], ["inspect", "golden/weights/tiny-checkpoint.h5"],
            ["inspect", "golden/silent-output.h5", "--diff-profile"],
            [
                "inspect", "golden/two-segments.h5", "--tensor",
                "samples/000000/generation/input/audio_logits",
            ],
            ["verify", "golden/voice-clone.h5", "golden/weights/tiny-checkpoint.h5"],
        ])
    func width(arguments: [String]) async throws {
        let command = try await Command.run(arguments)
        #expect(command.status == 0)
        for line in command.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
        #expect(!command.output.contains("\u{1B}"))
        let messages = command.errors.split(separator: "\n").filter { !$0.hasSuffix(" archives done") }
        #expect(messages == [])
    }

    @Test("the tree has every object with its type, sizes and shape, provenance and what differs above it")
    func tree() async throws {
        let text = try await Command.run("inspect", "golden/silent-output.h5").output
        for words in [
            "\nfloat32    1.9 MB   637 kB          audio_logits  [58 step, 8 codebook, 1026 vocabulary]\n",
            "\nint32      192 kB  66.3 kB              samples  [48000 sample]\n",
            "  24000 Hz, PCM_16, cloned.wav\n",
            "  same as /samples/000000/decode/captured/calls/0/waveform\n",
            "\nmodel              bfloat16 on cpu, model, SHA-256 1b2edab4ea8f\n",
            "\nscript ended with  exit status 0\n", "collator.placeholders \"as-prompted\"",
        ] { #expect(text.contains(words), "\(words)") }
        let other = try await Command.run("inspect", "golden/weights/tiny-checkpoint.h5").output
        #expect(other.contains("tokenizer.json\n                                  not part of the format"))
    }

    @Test("a path that does not exist is one sentence with the nearest names, and the others are shown")
    func missingPath() async throws {
        let command = try await Command.run(
            "inspect", "golden/plain.h5", "--tensor", "samples/000000/tokens/captured/call/0/code",
            "--tensor", "/samples/000000/tokens", "--tensor", "/samples/000000/sample.json")
        #expect(command.status == 2)
        let lines = command.errors.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[0].contains("does not exist")
                && lines[0].contains("/samples/000000/tokens/captured/calls/0/codes"))
        #expect(lines[1].contains("is a group") && lines[1].contains("it holds captured, golden, input"))
        #expect(command.output.contains("\"ordinal\": 0"))
        #expect(!command.output.contains("provenance"))
    }

    @Test("a tensor's hash is checked before its values are shown, unless asked not to")
    func damaged() async throws {
        let scratch = try Scratch()
        let path = "samples/000000/tokens/golden/calls/0/codes"
        let file = try scratch.file(
            "damaged.h5", Data(contentsOf: URL(fileURLWithPath: Command.root + "/golden/real-3b-tokens.h5")))
        try await MutatedArchiveTests.python(
            "import h5py\nf = h5py.File('\(file)', 'r+')\nf['\(path)'][0, 0] += 1\nf.close()\n")
        let checked = try await Command.run("inspect", file, "--tensor", path)
        #expect(checked.status == 2 && checked.errors.contains("is damaged") && checked.errors.contains(path))
        let unchecked = try await Command.run("inspect", file, "--tensor", path, "--no-verify")
        #expect(unchecked.status == 0 && unchecked.output.contains("Codes as handed to the codec"))
        let verified = try await Command.run("verify", file)
        #expect(verified.status == 2 && verified.output.contains("not sound, 1 error"))
    }

    @Test("the captured profile is compared knob by knob, and what was not seen is said")
    func profile() async throws {
        let (results, command) = try await json(
            Inspection.self, "inspect", "golden/silent-output.h5", "--diff-profile")
        #expect(command.status == 0)
        let sheet = try #require(results.archives.first?.profiles.first)
        #expect(sheet.samples == ["000000"] && sheet.reference == "serve-engine")
        #expect(sheet.knobs.count == Knob.all.count)
        let rows = Dictionary(uniqueKeysWithValues: sheet.knobs.map { ($0.key, $0) })
        #expect(rows["generation.temperature"]?.status == .differs)
        #expect(rows["generation.temperature"]?.captured == "0.3")
        #expect(rows["generation.temperature"]?.reference == "0.7")
        #expect(rows["generation.top_p"]?.status == .equal)
        #expect(rows["tokens.clip_max"]?.status == .notSeen)
        #expect(
            sheet.recorded.map(\.key) == ["decode.device", "generation.use_cache"])
        #expect(sheet.unknown.isEmpty)
        let (other, _) = try await json(
            Inspection.self, "inspect", "golden/silent-output.h5", "--diff-profile", "--reference",
            "silent-output")
        let own = try #require(other.archives.first?.profiles.first)
        #expect(own.counts.differs < sheet.counts.differs)
        #expect(try await Command.run("inspect", "golden/plain.h5", "--reference", "nobody").status == 64)
    }

    @Test("JSON has the findings with their kinds, and a count for everything")
    func verifyJSON() async throws {
        let (results, command) = try await json(
            Verification.self, "verify", "golden/voice-clone.h5", "golden/weights/tiny-checkpoint.h5",
            "no/such.h5")
        #expect(command.status == 2)
        #expect(results.failures.map(\.path) == ["no/such.h5"])
        #expect(results.archives.map(\.isSound) == [true, true])
        #expect(results.archives[0].findings.allSatisfy { $0.code == "second_name" && !$0.isError })
        #expect(results.archives[0].secondNames == results.archives[0].findings.count)
        #expect(
            results.archives[1].findings.map(\.object) == [
                "/config/seeded.json", "/config/tokenizer.json", "/weights/model",
            ])
        #expect(results.archives[1].tensors == 416)
    }

    @Test("there is no way to have an archive repaired")
    func noRepair() async throws {
        #expect(try await Command.run("verify", "--repair", "golden/plain.h5").status == 64)
    }
}
