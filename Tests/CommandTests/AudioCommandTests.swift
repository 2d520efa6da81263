import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("higgs-diagnose audio")
struct AudioCommandTests {
    private struct Run: Decodable {
        struct File: Decodable {
            let path: String
            let verdict: String
            let level: String?
            let findings: [String]
            let evidence: [String: String]
            let measures: Measures?
        }
        struct Measures: Decodable { let acEnergy: Double }
        struct Metric: Decodable {
            let metric: String
            let status: String
            let current: SuccessMetric.Reading
        }
        struct CommonLength: Decodable, Equatable {
            let frames: Int
            let files: Int
        }
        struct Budgets: Decodable {
            let known: Int
            let exhausted: Int
            let contradicted: Int
        }
        let schemaVersion: Int
        let summary: String
        let verdicts: [String: Int]
        let silentShare: Double?
        let commonLengths: [CommonLength]
        let budgets: Budgets?
        let files: [File]
        let successMetrics: [Metric]
        let exitCode: Int
    }

    private func run(_ arguments: [String]) async throws -> (Command, Run) {
        let command = try await Command.run(["audio", "--format", "json"] + arguments)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return (command, try decoder.decode(Run.self, from: Data(command.output.utf8)))
    }

    /// The least energy of the recordings, by their labels.
    private func least(of run: Run) throws -> Double {
        let silent = run.files.filter { $0.verdict == "silent" }.compactMap(\.measures?.acEnergy)
        let found = try #require(silent.min())
        #expect(abs(found - 8.48983e-11) < 1e-15)
        return found
    }

    private static let silent = "golden/sound/f249249_arabic_generated_036_sample_00000036.wav"
    private static let plausible = "golden/sound/3537e5d_arabic_generated_002_sample_00073124.wav"
    private static let cut = "golden/sound/dd1483f_arabic_generated_015_sample_00000015.wav"

    @Test("a folder is every sound file in it, with paths as given, in order")
    func folder() async throws {
        let (command, run) = try await run(["golden/sound"])
        #expect(command.status == 1 && command.errors.isEmpty && run.exitCode == 1)
        #expect(run.schemaVersion == 1 && run.files.count == 21)
        #expect(run.files.map(\.path) == run.files.map(\.path).sorted())
        #expect(run.files.allSatisfy { $0.path.hasPrefix("golden/sound/") })
        #expect(run.silentShare == 4.0 / 21 && run.verdicts.values.reduce(0, +) == 21)
        #expect(run.commonLengths == [.init(frames: 59, files: 3)])
        #expect(run.successMetrics[0].current == .figure(try least(of: run)))
        #expect(run.verdicts["silent"] == 4 && run.summary.hasPrefix("4 of 21 files are silent"))
        for file in run.files { #expect(file.findings.allSatisfy { file.evidence[$0] != nil }) }
        #expect(try await Command.run("audio", "golden/sound/").status == 1)
    }

    @Test("a pattern, a list and a path name the same file once")
    func patterns() async throws {
        let pattern = "golden/sound/3537e5d_*_002_*.wav"
        let (command, run) = try await run([pattern, Self.plausible])
        #expect(command.status == 0 && run.files.map(\.path) == [Self.plausible])
        let scratch = try Scratch()
        let list = try scratch.file("list", Data("\(Self.plausible)\n\n\(Self.silent)\n".utf8))
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.currentDirectoryURL = URL(filePath: Command.root)
        shell.arguments = ["-c", "'\(Command.program)' audio - < '\(list)'"]
        let output = Pipe()
        shell.standardOutput = output
        try shell.run()
        let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 1)
        #expect(printed.contains(Self.plausible) && printed.contains("1 of 2 files are silent, 1 plausible."))
    }

    @Test("warnings do not fail a run, unless the profile says so")
    func warnings() async throws {
        #expect(try await Command.run("audio", Self.cut).status == 0)
        let strict = try Scratch()
        let profile = try strict.file("p.yaml", Data("schema_version: 1\nwarnings: [looped]\n".utf8))
        #expect(try await Command.run("audio", Self.cut, "--profile", profile).status == 1)
    }

    @Test("what cannot be read is a row and one sentence, and the rest is measured")
    func unreadable() async throws {
        let scratch = try Scratch()
        let whole = try Data(contentsOf: URL(filePath: Command.root + "/" + Self.plausible))
        let files = [
            try scratch.file("empty.wav", Data()),
            try scratch.file("text.wav", Data("this is no sound".utf8)),
            try scratch.file("header.wav", whole.prefix(20)),
            scratch.file("missing.wav"),
        ]
        let (command, run) = try await run(files + [Self.plausible])
        #expect(command.status == 2 && run.exitCode == 2)
        #expect(run.files.map(\.verdict) == Array(repeating: "unreadable", count: 4) + ["plausible"])
        #expect(command.errors.split(separator: "\n").count == 4)
        for (file, result) in zip(files, run.files) {
            let why = try #require(result.evidence["unreadable"])
            let alone = try await Command.run("audio", file)
            #expect(alone.status == 2 && alone.output.isEmpty && alone.errors == why + "\n")
            #expect(why.hasPrefix(file) && why.hasSuffix(".") && !why.contains("\n"))
        }
    }

    @Test("a file that was cut is measured as far as it goes, whatever its header says")
    func truncated() async throws {
        let scratch = try Scratch()
        let whole = try Data(contentsOf: URL(filePath: Command.root + "/" + Self.plausible))
        let half = try scratch.file("half.wav", whole.prefix(44 + 96_000))
        var lying = whole
        lying.replaceSubrange(40..<44, with: [0xFF, 0xFF, 0xFF, 0xFF])
        let endless = try scratch.file("endless.wav", lying)
        lying.replaceSubrange(40..<44, with: [0, 0, 0, 0])
        let stopped = try scratch.file("stopped.wav", lying)
        lying.replaceSubrange(40..<44, with: [0xE8, 3, 0, 0])
        let small = try scratch.file("small.wav", lying)
        let none = try scratch.file("none.wav", whole.prefix(40) + Data([0, 0, 0, 0]))
        let chunk = try scratch.file(
            "chunk.wav", whole + Data("LIST".utf8) + Data([4, 0, 0, 0]) + Data("INFO".utf8))
        let (_, run) = try await run([half, endless, stopped, small, none, chunk])
        #expect(
            run.files.map(\.verdict)[1...] == ["plausible", "plausible", "plausible", "empty", "plausible"])
        #expect(run.files[0].verdict != "unreadable" && run.files[0].verdict != "silent")
    }

    @Test(
        "nothing to measure is one sentence and exit code 2",
        arguments: [
            (
                ["golden/reader"],
                "golden/reader holds no sound file; expected names that end in .wav, .flac, .ogg or the like."
            ),
            (["golden/sound/no-*.wav"], "golden/sound/no-*.wav matches no file; check the pattern."),
            (
                [cut, "--transcript", "golden/sound"],
                "golden/sound holds no text; expected names that end in .txt."
            ),
            (
                [cut, "--transcript", "nowhere"],
                "nowhere is no folder; give the folder that holds the texts."
            ),
            (
                [cut, "--profile", "nowhere.yaml"],
                "nowhere.yaml does not exist; give the path of a profile of sound."
            ),
        ])
    func nothing(arguments: [String], message: String) async throws {
        let command = try await Command.run(["audio"] + arguments)
        #expect(command.status == 2 && command.output.isEmpty)
        #expect(command.errors == message + "\n")
    }

    @Test("the limit of a transcript is computed for each file")
    func transcripts() async throws {
        let scratch = try Scratch()
        _ = try scratch.file(
            "dd1483f_arabic_generated_015_sample_00000015.txt",
            Data("الطَّقْسُ جَمِيلٌ الْيَوْم، وَالشَّمْسُ مُشْرِقَة.\n".utf8))
        let (command, run) = try await run([Self.cut, Self.plausible, "--transcript", scratch.path])
        #expect(command.status == 0 && run.budgets?.known == 1 && run.budgets?.exhausted == 1)
        #expect(run.files[0].findings == ["cut-off", "budget-exhausted"])
        #expect(run.summary.contains("1 of 1 with a known token limit never met EOS"))
        let early = try await self.run([
            Self.cut, "--transcript", scratch.path, "--budget-formula", "story-early",
        ]).1
        #expect(early.budgets?.exhausted == 0)
        #expect(
            run.successMetrics.map(\.metric) == [
                "Audio energy", "EOS token presence", "Pipeline alignment", "Generation quality",
            ])
        #expect(run.successMetrics.map(\.status) == ["met", "missed", "not_computed", "not_rated"])
        #expect(early.successMetrics[1].status == "met")
        #expect(run.successMetrics[1].current == .figure(0) && early.successMetrics[1].current == .figure(1))
    }

    @Test("a plausible file with a finding is said to have one")
    func flawed() async throws {
        let scratch = try Scratch()
        var bytes = try Data(contentsOf: URL(filePath: Command.root + "/" + Self.plausible))
        // An offset of 0.02 on every sample.
        bytes.withUnsafeMutableBytes { raw in
            for place in stride(from: 44, to: raw.count, by: 2) {
                let sample = Int16(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: Int16.self))
                raw.storeBytes(
                    of: Int16(clamping: Int(sample) + 655).littleEndian, toByteOffset: place, as: Int16.self)
            }
        }
        let (command, run) = try await run([try scratch.file("offset.wav", bytes), Self.plausible])
        #expect(
            command.status == 0
                && run.summary == "0 of 2 files are silent, 2 plausible, 1 of them with a finding.")
    }

    @Test(
        "options that contradict each other are wrong usage",
        arguments: [
            ["--max-new-tokens", "48", "--transcript", "golden"], ["--budget-formula", "story"],
            ["--jobs", "0"],
            ["--max-new-tokens", "0"],
        ])
    func usage(arguments: [String]) async throws {
        #expect(try await Command.run(["audio", Self.cut] + arguments).status == 64)
    }

    @Test("plots are one page for each folder, and a reference is compared")
    func plots() async throws {
        let scratch = try Scratch()
        let command = try await Command.run(
            "audio", Self.cut, Self.silent, "--plots", scratch.file("plots"), "--reference", Self.plausible)
        #expect(command.status == 1 && command.output.contains("Against the reference the level is"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.file("plots")) == ["golden-sound.svg"]
        )
        let missing = try await Command.run("audio", Self.cut, "--reference", "nowhere.wav")
        #expect(missing.status == 2 && missing.errors == "nowhere.wav does not exist; check the path.\n")
    }

    @Test("what stands behind the sound is none of it")
    func tags() async throws {
        let scratch = try Scratch()
        let whole = try Data(contentsOf: URL(filePath: Command.root + "/" + Self.plausible))
        let list =
            Data("LIST".utf8) + Data([200, 1, 0, 0]) + Data("INFOISFT".utf8) + Data(repeating: 7, count: 60)
        var grown = whole
        withUnsafeBytes(of: UInt32(whole.count - 8 + 456).littleEndian) {
            grown.replaceSubrange(4..<8, with: $0)
        }
        let files = [
            try scratch.file("tag.wav", whole + Data("TAG".utf8) + Data(repeating: 65, count: 125)),
            try scratch.file("list.wav", grown + list),
            try scratch.file("padded.wav", whole + Data(count: 96_000)),
        ]
        let (command, run) = try await run(files)
        #expect(command.status == 0 && run.files.allSatisfy { $0.verdict == "plausible" })
        #expect(!command.output.contains("\"is_header_too_small\":true"))
    }

    @Test("a sample rate that no sound has costs no memory")
    func rates() async throws {
        let scratch = try Scratch()
        var bytes = try Data(contentsOf: URL(filePath: Command.root + "/" + Self.plausible))
        bytes.replaceSubrange(24..<28, with: [0xFF, 0xFF, 0xFF, 0x7F])
        let (command, run) = try await run([try scratch.file("fast.wav", bytes)])
        #expect(command.status == 2 && run.files[0].verdict == "unreadable")
        #expect(run.files[0].evidence["unreadable"]?.contains("2147483647 samples a second") == true)
    }

    @Test("a path that is none does not keep the others from being measured")
    func others() async throws {
        let scratch = try Scratch()
        let command = try await Command.run("audio", Self.plausible, scratch.path, "no-*.wav")
        #expect(command.status == 2 && command.output.contains("1 plausible"))
        #expect(command.errors.split(separator: "\n").count == 2)
    }

    @Test("a limit that a length contradicts proves nothing, and neither does a file without sound")
    func contradicted() async throws {
        let scratch = try Scratch()
        let empty = try scratch.file("empty.wav", Data())
        let (_, run) = try await run([Self.plausible, Self.cut, empty, "--max-new-tokens", "86"])
        #expect(run.budgets.map { [$0.known, $0.exhausted, $0.contradicted] } == [1, 1, 1])
        #expect(run.summary.contains("1 are longer than the limit that was told allows"))
        let none = try await self.run([empty, "--max-new-tokens", "86"]).1
        #expect(none.budgets?.known == 0 && none.successMetrics[1].status == "not_computed")
    }

    @Test("a transcript ends where its words do")
    func lines() async throws {
        let scratch = try Scratch()
        let text = "الطَّقْسُ جَمِيلٌ الْيَوْم، وَالشَّمْسُ مُشْرِقَة."
        _ = try scratch.file(
            "dd1483f_arabic_generated_015_sample_00000015.txt", Data("\u{FEFF}\(text)\r\n".utf8))
        #expect(try await run([Self.cut, "--transcript", scratch.path]).1.budgets?.exhausted == 1)
        _ = try scratch.file("dd1483f_arabic_generated_015_sample_00000015.txt", Data([0xFF, 0xFE, 0x41]))
        let bad = try await Command.run("audio", Self.cut, "--transcript", scratch.path)
        #expect(bad.status == 2 && bad.errors.contains("is not UTF-8"))
    }

    @Test("folders of one name have a page each, and pictures that cannot be written lose no report")
    func pages() async throws {
        let scratch = try Scratch()
        for folder in ["a/b", "a-b"] {
            let path = scratch.file(folder)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: Command.root + "/" + Self.cut, toPath: path + "/x.wav")
        }
        let plots = scratch.file("plots")
        _ = try await Command.run("audio", scratch.file("a/b"), scratch.file("a-b"), "--plots", plots)
        #expect(try FileManager.default.contentsOfDirectory(atPath: plots).count == 2)
        let file = try scratch.file("file", Data("x".utf8))
        let failed = try await Command.run("audio", Self.cut, "--plots", file)
        #expect(
            failed.status == 2 && failed.output.contains("cut-off") && failed.errors.hasPrefix("\(file): "))
    }

    @Test("a file name cannot act on a terminal")
    func names() async throws {
        let scratch = try Scratch()
        let path = try scratch.file("a\u{1B}[31m\nb.wav", Data("no sound".utf8))
        let command = try await Command.run("audio", path)
        #expect(command.status == 2 && !command.errors.contains("\u{1B}"))
        #expect(command.errors.split(separator: "\n").count == 1)
    }
}
