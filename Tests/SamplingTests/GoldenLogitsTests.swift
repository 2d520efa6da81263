import AlignmentKit
import Testing

@testable import AlignmentDiagnosis

@Suite("Logits against a good run, as the command tells it")
struct GoldenLogitsTests {
    private func compared(_ name: String, with golden: String, _ change: (Float) -> Float = { $0 }) throws
        -> SamplerFindings
    {
        var recording = try Recording(name)
        let facts = try #require(recording.capture.samples[0].generation?.facts)
        let logits = try #require(facts.logits)
        var changed = GenerationFacts(
            logits: try NDArray(shape: logits.shape, scalars: logits.scalars.map(change)),
            referenceColumns: facts.referenceColumns, segments: facts.segments, promptTail: facts.promptTail)
        changed.text = facts.text
        recording.capture.samples[0].generation?.facts = changed
        var findings = recording.findings()
        findings.goldenLogits = recording.explainer().goldenLogits(try Recording(golden).capture)
        return findings
    }

    private func exitCode(_ findings: SamplerFindings) -> Int {
        SamplingReport(samples: [findings], pooled: [], failures: []).exitCode
    }

    @Test("the same run agrees")
    func same() throws {
        let found = try compared("plain", with: "plain")
        #expect(found.goldenLogits?.status == .agrees && found.goldenLogits?.agreement?.shape == .identical)
        #expect(exitCode(found) == 0)
    }

    @Test("a scale differs, and so do the draws' scores")
    func scaled() throws {
        let found = try compared("plain", with: "plain") { $0 * 1.25 }
        #expect(found.goldenLogits?.status == .differs && found.goldenLogits?.agreement?.shape == .scale)
        #expect(exitCode(found) == 1)
        var alone = try compared("plain", with: "plain")
        alone.goldenLogits = found.goldenLogits
        #expect(alone.verdict == .consistent && exitCode(alone) == 1)
    }

    @Test("a run of another request cannot be compared")
    func other() throws {
        let found = try compared("plain", with: "voice-clone")
        #expect(found.goldenLogits?.status == .incomparable && found.goldenLogits?.why != nil)
        #expect(exitCode(found) == 2)
    }
}
