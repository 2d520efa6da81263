import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("Validation of the conditioning")
struct ValidateTests {
    private typealias Status = ConditioningCheck.Status
    private typealias Name = ConditioningCheck.Name

    private func report(_ arguments: String...) async throws -> (ValidationReport, Int32) {
        let command = try await Command.run(["validate", "--format", "json"] + arguments)
        return (try JSONText.decode(ValidationReport.self, from: Data(command.output.utf8)), command.status)
    }

    private func statuses(_ report: ValidationReport) throws -> [Name: Status] {
        let checks = try #require(report.samples.first).checks
        #expect(checks.map(\.check) == Name.allCases)
        return Dictionary(uniqueKeysWithValues: checks.map { ($0.check, $0.status) })
    }

    /// What is not `passed`, by upstream's code: the tiny codec's `codebook_size` is its quantizer_dim, 1088, in every
    /// recording that has a codec.
    private static let golden: [(String, Int32, [Name: Status])] = [
        ("voice-clone", 0, [.codecCodebookSize: .warning]),
        ("voice-clone-greedy", 0, [.codecCodebookSize: .warning, .serveEngineAlignment: .warning]),
        ("plain", 0, [.codecCodebookSize: .warning]),
        ("two-segments", 0, [.codecCodebookSize: .warning]),
        ("budget", 0, [.codecCodebookSize: .warning]),
        (
            "silent-output", 1,
            [
                .conditioningPathway: .warning, .placeholders: .failed, .codecCodebookSize: .warning,
                .referenceAudio: .failed, .serveEngineAlignment: .failed,
            ]
        ),
        (
            "story-fix", 1,
            [
                .conditioningPathway: .notDecided, .placeholders: .failed, .streamIDs: .notDecided,
                .audioTokenizer: .warning, .codecCodebookSize: .warning, .referenceAudio: .failed,
                .serveEngineAlignment: .failed,
            ]
        ),
        (
            "real-3b-tokens", 0,
            [
                .whisperProcessor: .notDecided, .melBins: .notDecided, .waveformRate: .notDecided,
                .conditioningPathway: .notDecided, .placeholders: .notDecided, .assistantHeader: .notDecided,
                .audioTokenizer: .notDecided, .codecCodebooks: .notDecided, .codecCodebookSize: .notDecided,
                .referenceAudio: .notDecided, .serveEngineAlignment: .warning,
            ]
        ),
    ]

    @Test("every recording gives what upstream's code says of it", arguments: golden)
    func goldenArchives(
        name: String, exit: Int32, exceptions: [ConditioningCheck.Name: ConditioningCheck.Status]
    )
        async throws
    {
        let (report, status) = try await report("golden/\(name).h5")
        #expect(status == exit && report.exitCode == Int(exit))
        #expect(try statuses(report).filter { $0.value != .passed } == exceptions)
        let sample = try #require(report.samples.first)
        let isRecorded = !["story-fix", "real-3b-tokens"].contains(name)
        #expect(sample.pathway == (isRecorded ? name == "silent-output" ? .dual : .codecOnly : nil))
        #expect(sample.checks.allSatisfy { !$0.why.isEmpty && !$0.evidence.isEmpty })
    }

    @Test("the story's mismatches are named with what each does")
    func mismatches() async throws {
        let sample = try #require(try await report("golden/silent-output.h5").0.samples.first)
        let found = try #require(sample.checks.last?.mismatches)
        let effects = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.effect) })
        #expect(effects["collator.placeholders"] == .changesOutput)
        #expect(effects["collator.encode_whisper_embed"] == .dead)
        #expect(effects["generation.ras_win_len"] == Effect.none)
        // The reference leaves these to the caller.
        #expect(effects["generation.max_new_tokens"] == nil && effects["decode.subtype"] == nil)
        guard case .array(let values)? = sample.checks.last?.value else { throw Missing() }
        #expect(values.contains(.string("generation.temperature: 0.3 vs 0.7")))
    }

    private struct Missing: Error {}

    @Test("one wrong thing turns one check red", arguments: mutations)
    func mutated(mutation: Mutation) async throws {
        let scratch = try Scratch()
        let source = "golden/\(mutation.archive).h5"
        let bytes = try Data(contentsOf: URL(filePath: "\(Command.root)/\(source)"))
        let wrong = try scratch.file("wrong.h5", bytes)
        try Python.run(script: Self.helpers + mutation.python + "\nf.close()\n", wrong)
        let codec = ["--codec", "golden/weights/tiny-checkpoint.h5"]
        let given = mutation.check == .audioTokenizer ? [] : codec
        let before = try statuses(
            try JSONText.decode(
                ValidationReport.self,
                from: Data(
                    try await Command.run(["validate", "--format", "json", source] + codec).output.utf8)))
        let command = try await Command.run(["validate", "--format", "json", wrong] + given)
        #expect(command.status == 1, "\(command.errors)")
        let after = try statuses(
            try JSONText.decode(ValidationReport.self, from: Data(command.output.utf8)))
        let turned = Name.allCases.filter { after[$0] == .failed && before[$0] != .failed }
        #expect(turned == [mutation.check] + (mutation.isSetting ? [.serveEngineAlignment] : []))
    }

    @Test("where nothing can be decided the exit code is 2")
    func nothing() async throws {
        let scratch = try Scratch()
        let bytes = try Data(contentsOf: URL(filePath: "\(Command.root)/golden/real-3b-tokens.h5"))
        let bare = try scratch.file("bare.h5", bytes)
        try Python.run(
            script: Self.helpers + """
                for path in ["profile.json", "samples/000000/profile.json", "config/tokens.json"]:
                    del f[path]
                del g["tokens"]
                f.close()
                """, bare)
        let (report, status) = try await report(bare)
        #expect(status == 2)
        #expect(Set(try statuses(report).values) == [.notDecided])
    }

    @Test("several archives are one report, and one that cannot be read is 2")
    func several() async throws {
        let (report, status) = try await report("golden/plain.h5", "no/such.h5", "golden/silent-output.h5")
        #expect(status == 2 && report.exitCode == 2)
        #expect(report.samples.map(\.path) == ["golden/plain.h5", "golden/silent-output.h5"])
        #expect(report.failures.map(\.path) == ["no/such.h5"])
        let text = try await Command.run("validate", "golden/plain.h5", "golden/silent-output.h5")
        #expect(text.status == 1)
        #expect(text.output.contains("Conditioning pathway: dual") && text.output.contains("golden/plain.h5"))
        #expect(try await Command.run("validate").status == 64)
        #expect(try await Command.run("validate", "golden/plain.h5", "--reference", "nobody").status == 64)
    }

    @Test("docs/validate.md has a row for every check and for no other")
    func page() throws {
        let page = try String(contentsOfFile: Command.root + "/docs/validate.md", encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap {
            $0.split(separator: "`").dropFirst().first.map(String.init)
        }
        #expect(rows == Name.allCases.map(\.rawValue))
    }
}
