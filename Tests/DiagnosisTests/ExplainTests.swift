import AlignmentKit
import Foundation
import Testing

/// Explains a committed archive.
func explain(_ name: String) throws -> Explanation {
    try #require(try explained(name).1.first).explanation
}

private func explained(_ name: String) throws -> (ArchiveReader, [ExplainedSample]) {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    let reader = try ArchiveReader(file: "\(root)/golden/\(name).h5")
    let capture = try CaptureReader(reader).capture()
    let codec = CodecLocator(environment: [:]).codec(of: capture)
    let evidence = try ConditioningEvidence(reader)
    let samples = capture.samples.map {
        SampleExplainer(
            $0, of: capture, evidence: evidence,
            reference: ExplanationReference(.serveEngine, for: capture.model), codec: codec
        ).explain()
    }
    return (reader, samples)
}

@Suite("Explain: upstream's own recordings")
struct ExplainTests {
    @Test(
        "the serving engine's runs are aligned, and nothing is blamed",
        arguments: ["voice-clone", "plain", "two-segments"])
    func aligned(name: String) throws {
        let found = try explain(name)
        #expect(found.verdict == .aligned && found.exitCode == 0)
        #expect(found.causes.isEmpty && found.harmless.isEmpty)
        #expect(found.settings.map(\.id) == ["decode.pcm-floor"])
        #expect(found.stages.allSatisfy { $0.status == .innocent })
        #expect(found.notTested.map(\.id) == ["generation.forward"])
    }

    @Test("a greedy run is aligned but for a setting")
    func greedy() throws {
        let found = try explain("voice-clone-greedy")
        #expect(found.verdict == .aligned && found.exitCode == 0)
        #expect(found.settings.map(\.id) == ["generation.do-sample", "decode.pcm-floor"])
        #expect(found.harmless.map(\.id) == ["generation.temperature"])
    }

    @Test("the story's pipeline: the surplus placeholder, and all that follows from it")
    func story() throws {
        let found = try explain("silent-output")
        #expect(found.verdict == .explained && found.exitCode == 1)
        #expect(found.causes.map(\.id) == ["collator.surplus-placeholder"])
        let cause = found.causes[0]
        #expect(cause.effectHere == .changesOutput && cause.exact && cause.identified)
        #expect(cause.attribution == .needsIntervention)
        let effects = Dictionary(uniqueKeysWithValues: cause.consequences.map { ($0.id, $0.effectHere) })
        #expect(effects["collator.trailing-start"] == .preventsRaise)
        #expect(effects["collator.return-audio-in-tokens"] == .changesOutput)
        #expect(effects["collator.reference-not-conditioned"] == .some(nil))
        #expect(found.stages.first { $0.stage == .tokens }?.status == .innocent)
        #expect(found.settings.map(\.id) == ["generation.temperature", "decode.pcm-floor"])
        let harmless = Set(found.harmless.map(\.id))
        #expect(
            harmless.isSuperset(of: ["generation.top-k", "generation.ras-window", "collator.whisper-forced"]))
    }

    @Test("the story's repair: why it raises")
    func storyFix() throws {
        let found = try explain("story-fix")
        #expect(found.verdict == .explained && found.exitCode == 1)
        #expect(found.causes.map(\.id) == ["collator.surplus-placeholder"])
        #expect(found.causes[0].effectHere == .raises)
        #expect(found.stages[0].status == .raised)
    }

    @Test("a budget that is too small, and the frame that it costs")
    func budget() throws {
        let found = try explain("budget")
        #expect(found.verdict == .explained)
        #expect(found.causes.map(\.id) == ["generation.budget"])
        #expect(found.causes[0].consequences.map(\.id) == ["tokens.strip-valid-frame"])
        #expect(found.checks.first { $0.check == "eos" }?.explainedBy.contains("generation.budget") == true)
    }

    @Test("an archive for a script is refused where its stage is too large, and leaves no file")
    func reproLimit() throws {
        let (reader, samples) = try explained("silent-output")
        let repro = try #require(samples.first).repro()
        let file = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).h5"
        let header = ArchiveHeader(id: "0", createdAt: "2026-01-01T00:00:00Z", createdBy: "test")
        #expect(throws: Repro.Impossible.self) {
            try ReproArchive(reader, for: repro, byteLimit: 1000).write(to: file, header: header)
        }
        #expect(!FileManager.default.fileExists(atPath: file))
    }
}
