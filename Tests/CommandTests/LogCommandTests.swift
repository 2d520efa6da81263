import Foundation
import TestSupport
import Testing

@Suite("higgs-diagnose log")
struct LogCommandTests {
    private static let fixtures = "Tests/LogTests/Fixtures"

    @Test("the story's excerpt gives its three findings with the right reading")
    func story() async throws {
        let command = try await Command.run("log", "\(Self.fixtures)/story-excerpt.log")
        #expect(command.status == 1 && command.errors.isEmpty)
        for phrase in [
            "1.54e-10, below 1e-8: silence",
            "The message is printed for every segment",
            "989 and 316 are no EOS at the end of codebook 0",
            "14 are",
        ] {
            #expect(
                command.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(phrase),
                "\(phrase)")
        }
        #expect(command.output.components(separatedBy: "It does not mean:").count == 4)
    }

    @Test("JSON is alone on standard output, with its exit code")
    func json() async throws {
        let command = try await Command.run("log", "--format", "json", "\(Self.fixtures)/story-loguru.log")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
        #expect(report["schema_version"] as? Int == 1 && report["exit_code"] as? Int == Int(command.status))
        let files = try #require(report["files"] as? [[String: Any]])
        #expect((files[0]["findings"] as? [Any])?.isEmpty == false)
    }

    @Test("what cannot be read is one sentence and exit code 2, and so is a log without a known line")
    func unreadable() async throws {
        let scratch = try Scratch()
        for file in [
            scratch.file("missing.log"), try scratch.file("empty.log", Data()), scratch.path,
            try scratch.file("sound.log", Data([0, 1, 2, 0, 255, 0])),
        ] {
            let command = try await Command.run("log", file)
            #expect(command.status == 2, "\(file)")
            #expect(command.errors.hasPrefix(file) && command.errors.dropLast().allSatisfy { $0 != "\n" })
        }
        let other = try scratch.file("other.log", Data("nothing of note\nat all\n".utf8))
        #expect(try await Command.run("log", other).status == 2)
    }

    @Test("explain holds a log against its capture")
    func beside() async throws {
        let scratch = try Scratch()
        let log = try scratch.file(
            "run.log",
            Data(
                "Missing EOS token, found 989\nDecoded audio: energy=1.54e-10, max_amplitude=0.000100, duration=3.00s\n"
                    .utf8))
        let command = try await Command.run(
            "explain", "golden/silent-output.h5", "--log", log, "--format", "json")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
        let beside = try #require(report["log"] as? [String: Any])
        let requests = try #require(beside["requests"] as? [[String: Any]])
        let energy = try #require(requests.first { $0["check"] as? String == "energy" })
        #expect(energy["agrees"] as? Bool == false && energy["sample"] as? String == "000000")
        let without = try await Command.run("explain", "golden/silent-output.h5", "--format", "json")
        #expect(without.status == command.status && !without.output.contains("\"log\""))
        let missing = try await Command.run(
            "explain", "golden/silent-output.h5", "--log", scratch.file("none"))
        #expect(missing.status == 2 && missing.errors.hasPrefix(scratch.file("none")))
    }
}
