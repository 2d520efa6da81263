import AlignmentKit
import Foundation
import TestSupport
import Testing

/// Goldens as files and back, and what goes wrong on the way.
@Suite("Export and import of archives")
struct ExchangeCommandTests {
    private static let codec = ["--codec", "golden/weights/tiny-checkpoint.h5"]

    @Test(
        "a golden that went through files is the same to inspect, verify and run",
        arguments: [
            ("voice-clone", "npy"), ("voice-clone", "safetensors"), ("silent-output", "npy"),
            ("story-fix", "safetensors"), ("two-segments", "npy"), ("budget", "safetensors"),
            ("real-3b-tokens", "npy"),
        ])
    func goldens(name: String, style: String) async throws {
        let scratch = try Scratch()
        let (folder, again) = (scratch.path + "/dumps", scratch.path + "/again.h5")
        let golden = "golden/\(name).h5"
        let export = try await Command.run(
            "export", golden, "--out", folder, "--as", style, "--format", "json")
        #expect(export.status == 0, "\(export.errors)")
        let exported = try JSONText.decode(ExportReport.self, from: Data(export.output.utf8))
        #expect(exported.tensors > 0 && exported.leftOut.isEmpty && exported.folder == folder)
        let imported = try await Command.run("import", folder, "--out", again, "--format", "json")
        #expect(imported.status == 0, "\(imported.errors)")
        let report = try JSONText.decode(ImportReport.self, from: Data(imported.output.utf8))
        #expect(report.tensors == exported.tensors && report.widened.isEmpty)
        #expect(scratch.contents == ["again.h5", "dumps"])

        #expect(try await Command.run("verify", again).status == 0)
        #expect(try await listing(again) == listing(golden))
        let (before, after) = (try await run(golden, as: "x.h5"), try await run(again, as: "x.h5"))
        #expect(before.report == after.report)
        #expect(before.status == after.status)
    }

    @Test("NaN in the codec's waveform fails its check, though the written file has none")
    func notANumber() async throws {
        let scratch = try Scratch()
        let (folder, archive) = (scratch.path + "/dumps", scratch.path + "/nan.h5")
        #expect(try await Command.run("export", "golden/voice-clone.h5", "--out", folder).status == 0)
        let file = URL(fileURLWithPath: folder + "/samples/000000/decode/captured/calls/0/waveform.npy")
        var bytes = try Data(contentsOf: file)
        bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0xC0, 0x7F])
        try bytes.write(to: file)
        #expect(try await Command.run("import", folder, "--out", archive).status == 0)
        let run = try await Command.run(["run", archive, "--format", "json"] + Self.codec)
        let report = try JSONText.decode(RunReport.self, from: Data(run.output.utf8))
        #expect(run.status == 1)
        #expect(report.samples.first?.checks.finiteSamples.status == .failed)
        let compare = try await Command.run("compare", archive, "golden/voice-clone.h5")
        #expect(compare.status == 1)
        #expect(compare.output.contains("decode/captured/calls/0/waveform"))
    }

    @Test("import writes neither among its dumps nor over a file that is no archive")
    func importTarget() async throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/dumps"
        #expect(try await Command.run("export", "golden/real-3b-tokens.h5", "--out", folder).status == 0)
        let notes = try scratch.file("notes.txt", Data("keep me".utf8))
        let manifest = try Data(contentsOf: URL(fileURLWithPath: folder + "/manifest.json"))
        for target in [folder + "/manifest.json", folder + "/run.h5", notes] {
            let command = try await Command.run("import", folder, "--out", target)
            #expect(command.status == 2)
            #expect(command.errors.hasPrefix(target) && command.errors.split(separator: "\n").count == 1)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: notes)) == Data("keep me".utf8))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/manifest.json")) == manifest)
        for _ in 0..<2 {
            #expect(try await Command.run("import", folder, "--out", scratch.path + "/run.h5").status == 0)
        }
    }

    /// Paths, types, shapes, labels and hashes; not how and how often the file stores them.
    private func listing(_ archive: String) async throws -> [JSONValue] {
        let command = try await Command.run("inspect", archive, "--format", "json")
        let json = try JSONText.parse(Data(command.output.utf8))
        let entries = try #require(json["archives"]?.array?.first?["entries"]?.array)
        #expect(!entries.isEmpty)
        return entries.map { entry in
            .object((entry.object ?? [:]).filter { !["stored_bytes", "same_as"].contains($0.key) })
        }
    }

    private func run(_ archive: String, as name: String) async throws -> (report: String, status: Int32) {
        let command = try await Command.run(["run", archive, "--format", "json"] + Self.codec)
        return (command.output.replacingOccurrences(of: archive, with: name), command.status)
    }

    private func expectOneSentence(
        _ arguments: [String], naming file: String, leaving contents: [String], in scratch: Scratch
    ) async throws {
        let command = try await Command.run(arguments)
        #expect(command.status == 2)
        #expect(command.output.isEmpty)
        #expect(command.errors.split(separator: "\n").count == 1, "\(command.errors)")
        #expect(command.errors.contains(file), "\(command.errors)")
        #expect(scratch.contents == contents)
    }

    @Test("what cannot be imported is one sentence, exit 2 and no archive")
    func badImport() async throws {
        let scratch = try Scratch()
        let out = ["--out", scratch.path + "/run.h5"]
        try await expectOneSentence(["import", "no/such"] + out, naming: "no/such", leaving: [], in: scratch)
        try await expectOneSentence(
            ["import", "golden"] + out, naming: "golden/manifest.json", leaving: [], in: scratch)
        try await expectOneSentence(
            ["import", "golden/plain.h5"] + out, naming: "golden/plain.h5", leaving: [], in: scratch)
        try await expectOneSentence(
            ["import", try await exported(to: scratch), "--out", scratch.path + "/no/run.h5"],
            naming: "no folder", leaving: ["dumps"], in: scratch)
    }

    @Test("dumps cut off at 10 places are one sentence, exit 2 and no archive")
    func cutDumps() async throws {
        let scratch = try Scratch()
        let folder = try await exported(to: scratch, as: "safetensors")
        let file = URL(filePath: folder + "/samples/000000.safetensors")
        let whole = try Data(contentsOf: file)
        for step in 0..<10 {
            try whole.prefix(whole.count * step / 10).write(to: file)
            try await expectOneSentence(
                ["import", folder, "--out", scratch.path + "/run.h5"], naming: "000000.safetensors",
                leaving: ["dumps"], in: scratch)
        }
    }

    private func exported(to scratch: Scratch, as style: String = "npy") async throws -> String {
        let folder = scratch.path + "/dumps"
        let command = try await Command.run("export", "golden/plain.h5", "--out", folder, "--as", style)
        #expect(command.status == 0)
        return folder
    }

    @Test("what cannot be exported is one sentence, exit 2 and no folder")
    func badExport() async throws {
        let scratch = try Scratch()
        let out = ["--out", scratch.path + "/dumps"]
        try await expectOneSentence(
            ["export", "no/such.h5"] + out, naming: "no/such.h5", leaving: [], in: scratch)
        try await expectOneSentence(
            ["export", "golden/plain.h5", "--only", "nothing"] + out, naming: "fits nothing", leaving: [],
            in: scratch)
        var bytes = try Data(contentsOf: URL(filePath: Command.root + "/golden/plain.h5"))
        // In the middle of the logits: the last tensors to be written are never reached.
        for index in bytes.count / 2..<bytes.count / 2 + 64 { bytes[index] ^= 0xFF }
        let damaged = try scratch.file("damaged.h5", bytes)
        try await expectOneSentence(
            ["export", damaged] + out, naming: damaged, leaving: ["damaged.h5"], in: scratch)
        try await expectOneSentence(
            ["export", "golden/plain.h5", "--out", Command.root + "/golden"], naming: "not empty",
            leaving: ["damaged.h5"], in: scratch)
    }

    @Test("wrong usage is 64")
    func usage() async throws {
        #expect(try await Command.run("import", "golden").status == 64)
        #expect(try await Command.run("export", "golden/plain.h5").status == 64)
        #expect(try await Command.run("export", "golden/plain.h5", "--out", "x", "--as", "npz").status == 64)
    }

    @Test("text fits 100 columns")
    func text() async throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/dumps"
        let export = try await Command.run(
            "export", "golden/silent-output.h5", "--out", folder, "--only", "**/codes")
        let imported = try await Command.run("import", folder, "--out", scratch.path + "/run.h5")
        for line in (export.output + imported.output).split(separator: "\n") {
            #expect(line.count <= 100 || !line.contains(" "), "\(line)")
        }
        #expect(imported.status == 0, "\(imported.errors)")
    }
}
