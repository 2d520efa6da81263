import AlignmentKit
import Foundation
import TestSupport
import Testing

/// Archives of paired runs, down every command that looks at requests.
@Suite("Archives of paired runs")
struct InterventionCommandTests {
    private typealias Archive = ExperimentArchive

    private func explain(
        _ runs: [ExperimentArchive.Run], _ scratch: Scratch, _ arguments: String...
    ) async throws -> (report: ExplanationReport, json: [String: Any], status: Int32) {
        let file = scratch.file("run.h5")
        try Archive.write(runs, to: file)
        let command = try await Command.run(["explain", "--format", "json", file] + arguments)
        let data = Data(command.output.utf8)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return (try JSONText.decode(ExplanationReport.self, from: data), json, command.status)
    }

    /// A text without its line breaks.
    private func unwrapped(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test("a repair that ends the silence of five runs shows the cause; the runs with it are not judged")
    func shown() async throws {
        let scratch = try Scratch()
        let runs = Archive.story(seeds: 0..<5) + Archive.repaired([Archive.surplus], seeds: 0..<5)
        let (report, json, status) = try await explain(runs, scratch)
        #expect(report.verdict == .explained && status == 1)
        #expect(report.samples.map(\.sample) == (0..<5).map { "00000\($0)" })
        #expect(report.causes.map(\.id) == [Archive.surplus])
        let cause = try #require(report.causes.first)
        #expect(cause.attribution == .shown && cause.samples.count == 5)
        #expect(cause.recovery?.replay == "intervention" && cause.recovery?.energyBefore == 0)
        #expect(try #require(cause.recovery?.energyAfter) > 1e-4)
        #expect(
            cause.evidence.last
                == "energy: 5 of 5 silent requests are sound with the repair, none the other way (p = 0.0312)"
        )
        #expect(report.checks.first?.explainedBy.first == Archive.surplus)

        let rows = try #require(json["interventions"] as? [[String: Any]])
        #expect(rows.count == 1)
        #expect(Set(rows[0].keys) == ["applied", "asked", "seeds", "pairs", "checks", "note"])
        #expect(rows[0]["asked"] as? [String] == [Archive.surplus])
        #expect(rows[0]["applied"] as? [String] == [Archive.surplus])
        #expect(rows[0]["seeds"] as? Int == 5 && rows[0]["pairs"] as? Int == 5)
        #expect(rows[0]["note"] is NSNull)
        let checks = try #require(rows[0]["checks"] as? [[String: Any]])
        #expect(checks.count == 1)
        let keys: Set = [
            "check", "pairs", "as_is_failed", "repaired_failed", "mended", "broken", "p", "verdict", "why",
        ]
        #expect(Set(checks[0].keys) == keys)
        #expect(checks[0]["check"] as? String == "energy" && checks[0]["pairs"] as? Int == 5)
        #expect(checks[0]["as_is_failed"] as? Int == 5 && checks[0]["repaired_failed"] as? Int == 0)
        #expect(checks[0]["mended"] as? Int == 5 && checks[0]["broken"] as? Int == 0)
        #expect(checks[0]["p"] as? Double == 1.0 / 32 && checks[0]["verdict"] as? String == "shown")
        #expect(json["schema_version"] as? Int == 1)
    }

    @Test("the text has a table and sentences")
    func text() async throws {
        let scratch = try Scratch()
        let file = scratch.file("run.h5")
        try Archive.write(
            Archive.story(seeds: 0..<5) + Archive.repaired([Archive.surplus], seeds: 0..<5), to: file)
        let text = unwrapped(try await Command.run("explain", file).output)
        let parts = text.components(separatedBy: "Interventions =====")
        #expect(parts.count == 2)
        #expect(
            parts[0].contains(
                "Attribution: shown by paired runs. With the fix the median AC energy goes from 0 to "))
        #expect(parts[1].contains("repaired"))
        #expect(parts[1].contains(" energy "))
        #expect(parts[1].contains("none the other way (p = 0.0312)"))
    }

    @Test("a repair after which the runs are as silent clears the cause, and the silence is open again")
    func refuted() async throws {
        let scratch = try Scratch()
        let runs =
            Archive.story(seeds: 0..<5)
            + Archive.repaired([Archive.surplus], seeds: 0..<5, silent: Set(0..<5))
        let (report, _, status) = try await explain(runs, scratch)
        #expect(report.verdict == .unexplained && status == 1)
        #expect(report.causes.first?.attribution == .notShown)
        #expect(report.checks.first?.explainedBy == [])
        #expect(report.interventions?.first?.checks.map(\.verdict) == [.notShown])
        let text = unwrapped(try await Command.run("explain", scratch.file("run.h5")).output)
        #expect(
            text.contains("Unexplained: paired runs show that nothing found is why the check energy fails."))
        #expect(text.contains("Attribution: not shown. Runs with the fix fail as those without do."))
    }

    @Test("two runs decide nothing yet")
    func undecided() async throws {
        let scratch = try Scratch()
        let runs = Archive.story(seeds: 0..<2) + Archive.repaired([Archive.surplus], seeds: 0..<2)
        let (report, _, status) = try await explain(runs, scratch)
        #expect(report.verdict == .explained && status == 1)
        #expect(report.causes.first?.attribution == .needsIntervention)
        #expect(
            report.causes.first?.evidence.last?.contains("3 more pairs, all mended, would show it") == true)
        #expect(report.interventions?.first?.checks.map(\.p) == [0.25])
    }

    @Test("a repair that changed nothing decides nothing, whatever the sound")
    func unchanged() async throws {
        let scratch = try Scratch()
        let runs =
            Archive.story(seeds: 0..<5) + Archive.repaired([Archive.surplus], seeds: 0..<5, applied: [])
        let (report, _, _) = try await explain(runs, scratch)
        #expect(report.causes.first?.attribution == .needsIntervention)
        #expect(report.interventions?.first?.applied == [])
        #expect(report.interventions?.first?.note?.contains("changed nothing in any pair") == true)
    }

    @Test("each alone and both together: the setting is why, the defect is not")
    func several() async throws {
        let scratch = try Scratch()
        let both = [Archive.surplus, Archive.temperature]
        let runs =
            Archive.story(seeds: 0..<5, hasLogits: true)
            + Archive.repaired([Archive.surplus], seeds: 0..<5, silent: Set(0..<5))
            + Archive.repaired([Archive.temperature], seeds: 0..<5)
            + Archive.repaired(both, seeds: 0..<5)
        let (report, _, status) = try await explain(runs, scratch)
        #expect(report.verdict == .explained && status == 1)
        #expect(report.causes.map(\.attribution) == [.notShown])
        #expect(report.settings.first { $0.id == Archive.temperature }?.attribution == .shown)
        #expect(report.checks.first?.explainedBy == [Archive.temperature])
        #expect(report.interventions?.map(\.asked) == [[Archive.surplus], [Archive.temperature], both])
        let text = unwrapped(try await Command.run("explain", scratch.file("run.h5")).output)
        #expect(text.contains("Explained: the pipeline samples with another temperature"))
        #expect(text.contains("; paired runs show that it matters"))
    }

    @Test("an archive of nothing but runs with a repair explains nothing, and says why")
    func onlyRepaired() async throws {
        let scratch = try Scratch()
        let (report, json, status) = try await explain(
            Archive.repaired([Archive.surplus], seeds: 0..<2), scratch)
        #expect(report.verdict == .incomparable && status == 2 && report.samples.isEmpty)
        #expect(json["verdict"] as? String == "incomparable" && report.reference == "serve-engine")
        #expect(report.stages.map(\.status) == Array(repeating: .notCaptured, count: 4))
        #expect(
            report.interventions?.first?.note
                == "No run as it is was recorded, so there is nothing to compare with.")
        let text = try await Command.run("explain", scratch.file("run.h5"))
        #expect(text.status == 2)
        #expect(
            unwrapped(text.output).contains("every request of this archive ran with a repair")
        )
        let against = try await Command.run("explain", "golden/plain.h5", "--against", scratch.file("run.h5"))
        #expect(against.status == 2 && against.errors.contains("no request that ran without a repair"))
    }

    @Test("without a run with a repair the answer is byte for byte that of no experiment")
    func noRepair() async throws {
        let scratch = try Scratch()
        let file = scratch.file("run.h5")
        var answers: [String] = []
        for arm in [nil, "as_is"] {
            try Archive.write(Archive.story(seeds: 0..<2, arm: arm), to: file)
            answers.append(try await Command.run("explain", "--format", "json", file).output)
            try FileManager.default.removeItem(atPath: file)
        }
        #expect(answers[0] == answers[1] && !answers[0].isEmpty)
        #expect(!answers[0].contains("interventions"))
        #expect(
            !(try await Command.run("explain", "--format", "json", "golden/plain.h5").output.contains(
                "interventions")))
    }

    @Test("what the draws say together is said of runs as they are, and of each repair, apart")
    func sampling() async throws {
        let scratch = try Scratch()
        let file = scratch.file("run.h5")
        var runs = (0..<2).map { Archive.Run(recording: "voice-clone", arm: "as_is", seed: $0) }
        runs += Archive.repaired([Archive.surplus], seeds: 0..<2)
        for index in runs.indices { runs[index].hasLogits = true }
        try Archive.write(runs, to: file)
        let command = try await Command.run("sampling", "--format", "json", file)
        let report = try JSONText.decode(SamplingReport.self, from: Data(command.output.utf8))
        #expect(command.status == 0 && report.samples.count == 4)
        #expect(
            report.pooled.map(\.requests)
                == [["000000", "000001"], ["000002", "000003"]].map {
                    $0.map { "\(file) \($0)" }
                })
        #expect(report.pooled.map(\.repaired) == [nil, [Archive.surplus]])
        #expect(report.samples.allSatisfy { $0.level == 1e-4 / 6 })
    }

    @Test("run judges each request, and says which ran with a repair")
    func run() async throws {
        let scratch = try Scratch()
        let file = scratch.file("run.h5")
        let plain = [Archive.Run(recording: "voice-clone", arm: "as_is", seed: 0)]
        try Archive.write(
            plain + Archive.repaired([Archive.surplus], seeds: 0..<1)
                + Archive.repaired([Archive.temperature], seeds: 0..<1, applied: []), to: file)
        let command = try await Command.run("run", "--format", "json", file)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(command.output.utf8)) as? [String: Any])
        let notes = try #require(json["samples"] as? [[String: Any]]).map { $0["notes"] as? [String] ?? [] }
        #expect(notes.count == 3 && !notes[0].contains { $0.contains("repair") })
        #expect(notes[1].contains("This request ran with collator.surplus-placeholder repaired live."))
        #expect(notes[2].contains("This request ran with a repair that changed nothing."))
        let validated = try await Command.run("validate", "--format", "json", file)
        #expect(validated.output.components(separatedBy: "\"sample\" :").count == 4)
        let verified = try await Command.run("verify", file)
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }

    @Test("a repaired copy holds the runs as they are alone")
    func repairedCopy() throws {
        let scratch = try Scratch()
        let file = scratch.file("run.h5")
        let runs = Archive.story(seeds: 0..<1) + Archive.repaired([Archive.surplus], seeds: 0..<1)
        try Archive.write(runs, to: file)
        let copy = scratch.file("copy.h5")
        let header = ArchiveHeader(id: "0", createdAt: "2026-01-01T00:00:00Z", createdBy: "test 1")
        try RepairedArchive(try ArchiveReader(file: file), [], leavingOut: ["000001"])
            .write(to: copy, header: header, sounds: [:])
        #expect(try ArchiveReader(file: copy).children(of: "samples") == ["000000"])
    }
}
