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
        let found = recording.findings()
        #expect(found.verdict == .consistent && found.why.hasPrefix("the capture declares no parameters"))
        #expect(found.alternatives.isEmpty == false)
    }

    @Test(
        "what is declared is contradicted whatever the rest may be, and not by the reference's values for it")
    func partly() throws {
        let silent = try Recording("silent-output").withoutScores()
        let knobs = Set(SamplerExaminer.knobs)
        func declaring(_ values: [String: JSONValue]) throws -> Recording {
            var recording = silent
            let profile = try #require(recording.capture.samples[0].profile?.object)
            recording.capture.samples[0].profile = .object(
                profile.filter { !knobs.contains($0.key) }.merging(values) { $1 })
            return recording
        }
        // Temperature 0.3 acted with a top_k of 50, and the reference has neither.
        #expect(ignored(try declaring(["generation.temperature": .number(0.3)])) == nil)
        #expect(ignored(try declaring(["generation.temperature": .number(1.5)])) == nil)
        let hot = try declaring([
            "generation.do_sample": .bool(true), "generation.temperature": .number(1),
            "generation.top_p": .null,
            "generation.top_k": .null,
        ])
        let evidence = try #require(ignored(hot)).evidence
        #expect(evidence[0].contains("not declared: generation.ras_win_len"))
    }

    @Test("requests together contradict what none of them does alone")
    func together() throws {
        let recordings = try ["plain", "voice-clone", "two-segments"].map {
            try Recording($0).withoutScores().declaring(["generation.temperature": .number(0.75)])
        }
        let draws = try recordings.map { try #require($0.explainer().weighedDraws()) }
        #expect(draws.allSatisfy { DrawEvidence($0, among: [$0]).contradiction == nil })
        let evidence = try #require(DrawEvidence(draws[0], among: draws).contradiction)
        #expect(evidence[1].hasPrefix("the requests' 1536 draws"))
    }

    @Test("a difference that the draws hardly show is not accused")
    func near() throws {
        let recording = try Recording("voice-clone").withoutScores().declaring([
            "generation.temperature": .number(0.75)
        ])
        #expect(ignored(recording) == nil)
    }
}
