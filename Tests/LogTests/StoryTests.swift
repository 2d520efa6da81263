import AlignmentLogs
import Testing

@Suite("The story's log excerpt, word for word")
struct StoryTests {
    let log: LogFile

    init() throws { log = try Logs.read(try Logs.bytes("story-excerpt")) }

    @Test("gives its three findings and no other")
    func findings() {
        #expect(log.ids() == ["energy-silence", "eos-check-after-clip", "unique-tokens-not-rated"])
        #expect(log.lines == 3)
        #expect(log.recognised == 3)
        #expect(log.exitCode == 1)
        #expect(log.sentence == "The sample is silent by its logged energy; it is not proven cut off.")
    }

    @Test("the EOS message shows no missing EOS, though 989 and 316 are no EOS")
    func eos() throws {
        let finding = try #require(log.finding("eos-check-after-clip"))
        #expect(finding.level == .warning)
        #expect(finding.deviations == ["tokens.eos-check-after-clip"])
        #expect(finding.values["found"] == .array([.integer(989), .integer(316)]))
        #expect(finding.sentence.contains("printed for every segment"))
        #expect(finding.sentence.contains("does not show that EOS is missing"))
        #expect(finding.sentence.contains("989 and 316 are no EOS at the end of codebook 0"))
        #expect(finding.sentence.contains("another codebook"))
        #expect(!log.samples[0].proofs.contains { $0.subject == .ending })
    }

    @Test("1.54e-10 is silence")
    func energy() throws {
        let finding = try #require(log.finding("energy-silence"))
        #expect(finding.level == .defect)
        #expect(finding.line == 2)
        #expect(finding.values["energy"] == .number(1.54e-10))
        #expect(finding.deviations.isEmpty)
    }

    @Test("14 and 151 ids can be too few only against the number of frames")
    func diversity() throws {
        let finding = try #require(log.finding("unique-tokens-not-rated"))
        #expect(finding.level == .note)
        // 14 of min(8 * 25, 1024) is 0.07; 151 of 8 * 54 is 0.3495, of 8 * 126 is 0.1498.
        #expect(finding.sentence.contains("14 are too few from 25 frames (1 s) on"))
        #expect(
            finding.sentence.contains(
                "151 are few from 54 frames (2.16 s) on, too few from 126 frames (5.04 s) on"))
        #expect(finding.values["too_few_from_frames"] == .array([.integer(25), .integer(126)]))
    }
}
