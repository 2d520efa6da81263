import AlignmentKit
import Testing

@testable import AlignmentDiagnosis

@Suite("Parameters that the draws contradict, explained")
struct ContradictionTests {
    private func ignored(_ recording: Recording) -> Explanation.Cause? {
        recording.explainer().explain().explanation.causes.first {
            $0.id == "generation.parameters-ignored"
        }
    }

    @Test("draws of temperature 0.3 under a declared 0.7 are a cause, with what they leave as evidence")
    func contradicted() throws {
        let recording = try Recording("silent-output").withoutScores().declaring([
            "generation.temperature": .number(0.7), "generation.top_k": .null,
        ])
        let cause = try #require(ignored(recording))
        #expect(cause.kind == .defect && cause.proof == .fact)
        #expect(cause.evidence.contains { $0.contains("declared: temperature 0.7") })
        #expect(cause.evidence.contains { $0.contains("times likelier under other parameters") })
    }

    @Test("draws of the declared setting are none", arguments: SamplerFindingsTests.recorded)
    func clean(name: String) throws {
        #expect(ignored(try Recording(name).withoutScores()) == nil)
    }

    @Test("what is not declared cannot be ignored")
    func undeclared() throws {
        var recording = try Recording("silent-output").withoutScores()
        let profile = try #require(recording.capture.samples[0].profile?.object)
        recording.capture.samples[0].profile = .object(
            profile.filter { !SamplerExaminer.knobs.contains($0.key) })
        #expect(ignored(recording) == nil)
        #expect(recording.findings().undeclared == SamplerExaminer.knobs)
        #expect(recording.findings().verdict == .contradicted)
    }

    @Test("a difference that the draws hardly show is not accused")
    func near() throws {
        let recording = try Recording("voice-clone").withoutScores().declaring([
            "generation.temperature": .number(0.75)
        ])
        #expect(ignored(recording) == nil)
    }
}
