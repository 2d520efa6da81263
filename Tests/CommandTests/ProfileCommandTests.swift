import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("Profiles on the command line")
struct ProfileCommandTests {
    private static let story = "golden/silent-output.h5"

    private func file(_ yaml: String, in scratch: Scratch) throws -> String {
        try scratch.file("mine.yaml", Data(yaml.utf8))
    }

    private func report(_ arguments: String...) async throws -> RunReport {
        let command = try await Command.run(["run", "--format", "json"] + arguments)
        return try JSONText.decode(RunReport.self, from: Data(command.output.utf8))
    }

    @Test("a printed profile is a file that shows and runs as the built-in one")
    func yaml() async throws {
        let scratch = try Scratch()
        let printed = try await Command.run("profile", "show", "generation-script", "--format", "yaml")
        #expect(printed.status == 0)
        let mine = try file(printed.output, in: scratch)
        let difference = try await Command.run("profile", "diff", mine, "generation-script")
        #expect(difference.status == 0)
        #expect(difference.output == "generation-script and generation-script are the same in every knob.\n")
        let own = try await report("golden/plain.h5", "--reference", mine)
        #expect(own == (try await report("golden/plain.h5", "--reference", "generation-script")))
        #expect(own.samples.first?.reference == "generation-script")
    }

    @Test("the current path runs under a named profile where the capture declares none")
    func named() async throws {
        let scratch = try Scratch()
        let bytes = try Data(contentsOf: URL(filePath: "\(Command.root)/\(Self.story)"))
        let bare = try scratch.file("bare.h5", bytes)
        try Python.run(
            script: """
                import h5py, sys
                with h5py.File(sys.argv[1], "r+") as f:
                    del f["profile.json"], f["samples/000000/profile.json"]
                """, bare)
        let without = try #require(try await report(bare).samples.first)
        #expect(without.profile == nil && without.notes.first?.contains("declares no profile") == true)
        #expect(!without.deviations.map(\.id).contains("generation.temperature"))
        let mine = try file("name: mine\nextends: silent-output\ngeneration:\n  top_k: 40\n", in: scratch)
        let with = try #require(try await report(bare, "--profile", mine).samples.first)
        #expect(with.profile == "mine")
        #expect(with.notes.first?.contains("under the profile mine") == true)
        let topK = try #require(with.deviations.first { $0.id == "generation.top-k" }?.knobs.first)
        #expect(topK.captured == "40" && topK.reference == "null")
        let captured = try #require(try await report(Self.story).samples.first)
        #expect(
            with.deviations.map(\.id).filter { $0.hasPrefix("collator") }
                == captured.deviations.map(\.id).filter { $0.hasPrefix("collator") })
    }

    @Test("a recorded sample wins over what a profile says of it, and that is said")
    func contradiction() async throws {
        let sample = try #require(try await report(Self.story, "--profile", "serve-engine").samples.first)
        #expect(sample.deviations.map(\.id).contains("collator.surplus-placeholder"))
        #expect(
            sample.notes.contains { $0.contains("built otherwise") && $0.contains("collator.placeholders") })
        #expect(!sample.deviations.map(\.id).contains("generation.temperature"))
    }

    @Test("on an archive, each knob's effect is what recomputing gives")
    func effectsHere() async throws {
        let command = try await Command.run(
            "profile", "diff", "silent-output", "serve-engine", Self.story, "--format", "json")
        #expect(command.status == 0)
        let difference = try JSONText.decode(ProfileDifference.self, from: Data(command.output.utf8))
        #expect(difference.schemaVersion == 1 && difference.archive == Self.story)
        let here = Dictionary(uniqueKeysWithValues: difference.knobs.map { ($0.key, $0.here.first) })
        #expect(difference.knobs.allSatisfy { $0.here.map(\.sample) == ["000000"] })
        #expect(here["collator.placeholders"]??.effect == .changesOutput)
        #expect(here["collator.return_audio_in_tokens"]??.effect == .changesOutput)
        #expect(here["collator.encode_whisper_embed"]??.effect == .dead)
        #expect(here["collator.audio_ids_start"]??.effect == .preventsRaise)
        #expect(here["collator.audio_ids_start"]??.error?.type == "IndexError")
        #expect(here["collator.audio_speaker_indices"]??.effect == Effect.none)
        #expect(here["generation.temperature"]??.effect == .changesOutput)
        #expect(here["tokens.clip_max"]??.effect == Effect.none)
        #expect(here["generation.budget"]??.effect == nil)
        #expect(here["generation.budget"]??.needs == "a new run of the model")
    }

    @Test("an effect on scores is not decided where no logits were captured")
    func withoutLogits() async throws {
        let command = try await Command.run(
            "profile", "diff", "silent-output", "serve-engine", "golden/real-3b-tokens.h5", "--format", "json"
        )
        #expect(command.status == 0)
        let difference = try JSONText.decode(ProfileDifference.self, from: Data(command.output.utf8))
        let rows = difference.knobs.filter {
            $0.key.hasPrefix("generation.") || $0.key.hasPrefix("collator.")
        }
        #expect(rows.contains { $0.key == "generation.temperature" })
        #expect(rows.allSatisfy { $0.here.first?.effect == nil && $0.here.first?.needs != nil })
        let json = try JSONText.parse(Data(command.output.utf8))
        #expect(json["knobs"]?.array?.first?["left_source"]?.string != nil)
    }

    @Test(
        "what is wrong with a file is one sentence, exit code 2",
        arguments: [
            "run golden/plain.h5 --reference", "run golden/plain.h5 --profile", "profile show",
            "profile diff serve-engine", "inspect golden/plain.h5 --reference",
            "validate golden/plain.h5 --reference",
            "decode golden/plain.h5 --out no.wav --reference",
        ])
    func badFile(command: String) async throws {
        let scratch = try Scratch()
        let arguments = command.split(separator: " ").map(String.init)
        let wrong = try file("collator:\n  roundto: 8\n", in: scratch)
        for (path, words) in [
            (wrong, ":2: collator.roundto is no knob; the nearest is collator.round_to."),
            (scratch.file("none.yaml"), "does not exist"), (scratch.path, "is a folder"),
        ] {
            let result = try await Command.run(arguments + [path])
            #expect(result.status == 2 && result.output.isEmpty)
            #expect(result.errors.split(separator: "\n").count == 1)
            #expect(result.errors.hasPrefix(path) && result.errors.contains(words), "\(result.errors)")
        }
        #expect(try await Command.run(arguments + ["nobody"]).status == 64)
    }

    @Test("a profile that no worker could be handed is refused")
    func oversized() async throws {
        let scratch = try Scratch()
        let text = String(repeating: "x", count: 2000)
        let list = (0..<30).map { $0 == 0 ? "&a \(text)" : "*a" }.joined(separator: ", ")
        let mine = try file("name: big\ngeneration:\n  stop_strings: [\(list)]\n", in: scratch)
        let command = try await Command.run("run", "golden/plain.h5", "--profile", mine)
        #expect(command.status == 2 && command.errors.contains("shorten it"))
    }

    @Test("a model whose configuration no profile can take is said, not crashed on")
    func strangeModel() async throws {
        let scratch = try Scratch()
        let bytes = try Data(contentsOf: URL(filePath: "\(Command.root)/golden/plain.h5"))
        let strange = try scratch.file("strange.h5", bytes)
        try Python.run(
            script: """
                import h5py, json, sys
                with h5py.File(sys.argv[1], "r+") as f:
                    model = json.loads(f["config/model.json"][()])
                    model["audio_num_codebooks"] = 0
                    del f["config/model.json"]
                    f["config/model.json"] = json.dumps(model)
                """, strange)
        let command = try await Command.run("run", strange)
        #expect(command.status == 2)
        #expect(
            command.errors.contains("serve-engine") && command.errors.contains("which gives 0"),
            "\(command.errors)")
    }

    @Test("the schema and the knobs are printed")
    func schema() async throws {
        let schema = try await Command.run("profile", "schema")
        #expect(try JSONText.parse(Data(schema.output.utf8))["title"]?.string != nil)
        let knobs = try await Command.run("profile", "knobs", "--format", "json")
        #expect(try JSONText.parse(Data(knobs.output.utf8))["knobs"]?.array?.count == Knob.all.count)
    }
}
