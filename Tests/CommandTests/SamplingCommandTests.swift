import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("The sampling command")
struct SamplingCommandTests {
    private func report(_ arguments: String...) async throws -> (SamplingReport, Command) {
        let command = try await Command.run(["sampling", "--format", "json"] + arguments)
        return (try JSONText.decode(SamplingReport.self, from: Data(command.output.utf8)), command)
    }

    @Test("recordings of one setting are judged each and together")
    func together() async throws {
        let (report, command) = try await report("golden/plain.h5", "golden/voice-clone.h5")
        #expect(command.status == 0 && report.exitCode == 0 && report.failures.isEmpty)
        #expect(report.samples.map(\.verdict) == [.consistent, .consistent])
        #expect(report.pooled.map(\.draws) == [768])
        #expect(command.output.contains("\"ras_win_max_num_repeat\" : 2"))
    }

    @Test("an archive without logits is undecided, one that cannot be read a failure")
    func undecided() async throws {
        let (report, command) = try await report("golden/real-3b-tokens.h5")
        #expect(command.status == 2 && report.samples.map(\.verdict) == [.undecided])
        let missing = try await Command.run("sampling", "nowhere.h5")
        #expect(missing.status == 2 && missing.errors.contains("nowhere.h5"))
        #expect(try await Command.run("sampling", "golden/plain.h5", "--level", "2").status == 64)
    }

    @Test("its pictures are whole and hold no script")
    func pictures() async throws {
        let scratch = try Scratch()
        let command = try await Command.run(
            "sampling", "golden/plain.h5", "golden/two-segments.h5", "--plots", scratch.path)
        #expect(command.status == 0)
        #expect(scratch.contents == ["plain", "two-segments"])
        let picture = try String(
            contentsOfFile: scratch.file("two-segments/000000.svg"), encoding: .utf8)
        #expect(picture.hasPrefix("<svg xmlns") && picture.hasSuffix("</svg>\n"))
        #expect(picture.contains("golden/two-segments.h5, sample 000000"))
        #expect(
            !picture.contains("<script")
                && !picture.contains("http://", besides: "http://www.w3.org/2000/svg"))
        #expect(picture.components(separatedBy: ">EOS<").count == 3)
    }
}

extension String {
    fileprivate func contains(_ text: String, besides allowed: String) -> Bool {
        replacing(allowed, with: "").contains(text)
    }
}
