@testable import AlignmentDiagnosis
import AlignmentKit
import Testing

/// What a recorded sample says of the pipeline that built it.
@Suite("Knobs read from a sample")
struct ObservedSampleTests {
    private static let golden = "\(#filePath)".components(separatedBy: "/Tests/")[0] + "/golden"

    private func observed(
        _ turn: (inout SampleCapture) -> Void = { _ in }, in archive: String = "voice-clone"
    ) throws -> CapturedProfile {
        let capture = try CaptureReader(ArchiveReader(file: Self.golden + "/\(archive).h5")).capture()
        var sample = capture.samples[0]
        turn(&sample)
        let reference = ProfileDescription.serveEngine.resolved(for: capture.model)
        return CapturedProfile(sample.profile, on: reference)
            .observing(sample, reference: reference, model: capture.model)
    }

    @Test(
        "no committed archive shows a fault of codes or of the prompt's end",
        arguments: [
            "budget", "plain", "real-3b-tokens", "silent-output", "story-fix", "two-segments", "voice-clone",
            "voice-clone-greedy",
        ])
    func committed(archive: String) throws {
        let found = try observed(in: archive)
        #expect(found.profile.collator.segmentCodes == .asEncoded)
        #expect(found.profile.collator.generationPrompt == .appended)
        #expect(found.declared.isDisjoint(with: Knob.all.filter(\.isFault).map(\.key)))
    }

    @Test("what no recorder looks for is not reported as unseen")
    func notes() throws {
        let capture = try CaptureReader(ArchiveReader(file: Self.golden + "/voice-clone.h5")).capture()
        let run = Analysis(
            capture.samples[0], of: capture, reference: .serveEngine, codec: .failure(MissingCodec("none")),
            isStrict: false
        ).run()
        let unseen = try #require(run.notes.first { $0.hasPrefix("Not seen in the capture") })
        #expect(unseen.contains("tokens.clip_max"))
        for knob in Knob.all where knob.isFault { #expect(!unseen.contains(knob.key)) }
    }

    @Test(
        "codes in another form than encoded are seen and declared, whatever the profile says",
        arguments: [JSONValue.object([:]), .object(["collator.segment_codes": .string("delayed")])])
    func codes(profile: JSONValue) throws {
        let found = try observed { sample in
            sample.profile = profile
            let codes = sample.collator?.facts.items[0].built?.audioIDsConcat
            sample.collator?.facts.items[0].built?.audioIDsConcat = codes?.prefixRows(4)
        }
        #expect(found.profile.collator.segmentCodes == .codebooks([0, 1, 2, 3]))
        #expect(found.profile.collator.audioIDsStart == .exclusive)
        #expect(found.declared.contains("collator.segment_codes"))
    }

    @Test("a prompt without the assistant's header is seen and declared")
    func header() throws {
        let found = try observed { $0.collator?.facts.items[0].promptIDs.removeLast(7) }
        #expect(found.profile.collator.generationPrompt == .asPrompted)
        #expect(found.declared.contains("collator.generation_prompt"))
    }
}
