import AlignmentAcoustics
import AlignmentLogs
import AlignmentReport
import AlignmentJSON
import Foundation
import TestSupport
import Testing

@testable import AlignmentGate

/// Gates over real evidence: the sound of `golden/sound` and the story's log.
@Suite("A gate")
struct JudgingTests {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    static let silent = "\(root)/golden/sound/f249249_arabic_generated_036_sample_00000036.wav"
    static let plausible = "\(root)/golden/sound/3537e5d_arabic_generated_002_sample_00073124.wav"
    static let cut = "\(root)/golden/sound/dd1483f_arabic_generated_015_sample_00000015.wav"
    static let today = GateDay("2026-11-28")!

    static func evidence(_ files: [String], budget: Int? = nil) async -> GateEvidence {
        let survey = SoundSurvey(
            meter: SoundMeter(isQuick: true, withTruePeak: false), judge: SoundJudge(.standard), jobs: 1)
        let budgets = budget.map { limit in
            Dictionary(uniqueKeysWithValues: files.map { ($0, TokenBudget(tokens: limit)) })
        }
        var evidence = GateEvidence()
        evidence.sound = SoundReport(await survey.run(files, budgets: budgets), profile: .standard)
        return evidence
    }

    static func report(
        _ files: [String], _ policy: GatePolicy = GatePolicy(), today: GateDay = Self.today,
        baseline: GateReport? = nil
    ) async -> GateReport {
        Gate(policy, today: today).report(
            await evidence(files), inputs: files.map { .init(path: $0, kind: .sound) },
            baseline: baseline.map { ("old.json", $0) }, tool: "test")
    }

    @Test("silence fails, sound passes, and a cut end only warns unless it is strict")
    func sound() async throws {
        let report = await Self.report([Self.silent, Self.plausible, Self.cut])
        #expect(report.verdict == .failed && report.exitCode == 1)
        #expect(report.rows.map(\.status) == [.failed, .passed, .passed])
        #expect(report.rows[0].id == "sound.silent" && report.rows[0].input == Self.silent)
        #expect(report.rows[0].why.contains("4.95e-10"))
        var strict = GatePolicy()
        strict.isStrict = true
        let severe = await Self.report([Self.plausible, Self.cut], strict)
        #expect(severe.rows.filter { $0.status == .failed }.map(\.id) == ["sound.cut-off"])
        #expect(await Self.report([Self.plausible]).verdict == .passed)
    }

    @Test("a waiver lets pass until its day and not a day longer, and only where it says")
    func waivers() async throws {
        var policy = GatePolicy()
        policy.waivers = [
            .init(finding: "sound.*", input: "*f249249*", reason: "known", expires: Self.today),
            .init(finding: "log.*", reason: "never needed", expires: Self.today),
        ]
        let now = await Self.report([Self.silent], policy)
        #expect(now.verdict == .passed && now.counts.waived == 1 && now.rows[0].status == .waived)
        #expect(now.rows[0].why.hasSuffix("Waived until 2026-11-28: known"))
        #expect(now.notes == ["The waiver of log.* is not needed: nothing failed that it covers."])
        let after = await Self.report([Self.silent], policy, today: try #require(GateDay("2026-11-29")))
        #expect(
            after.verdict == .failed && after.rows[0].why.hasSuffix("Its waiver ended on 2026-11-28: known"))
        #expect(
            after.notes == [
                "The waiver of log.* ended on 2026-11-28, and is not needed: nothing failed that it covers."
            ])
        policy.waivers[0].input = "*elsewhere*"
        #expect(await Self.report([Self.silent], policy).verdict == .failed)
    }

    @Test("of two waivers the one that still holds counts, in either order", arguments: [false, true])
    func twoWaivers(reversed: Bool) async throws {
        var policy = GatePolicy()
        policy.waivers = [
            .init(finding: "sound.silent", reason: "old", expires: try #require(GateDay("2020-01-01"))),
            .init(finding: "sound.silent", reason: "new", expires: try #require(GateDay("2030-01-01"))),
        ]
        if reversed { policy.waivers.reverse() }
        let report = await Self.report([Self.silent], policy)
        #expect(
            report.rows[0].status == .waived && report.rows[0].why.hasSuffix("new") && report.notes.isEmpty)
    }

    @Test(
        "what is allowed is there and does not fail; what cannot be compared can be neither allowed nor waived"
    )
    func allowed() async throws {
        var policy = GatePolicy()
        policy.allowed = ["sound.silent", "sound.looped"]
        let report = await Self.report([Self.silent], policy)
        #expect(report.verdict == .passed && report.counts.allowed == 1)
        #expect(report.notes == ["sound.looped is allowed, and nothing of the kind was found."])
        policy.allowed = ["*"]
        policy.waivers = [.init(finding: "*", reason: "all", expires: Self.today)]
        let missing = await Self.report(["\(Self.root)/none.wav", Self.silent], policy)
        #expect(missing.verdict == .incomparable && missing.exitCode == 2)
        #expect(missing.rows[0].status == .incomparable && missing.rows[0].id == "input")
    }

    @Test("nothing compared is never a pass")
    func nothing() {
        let gate = Gate(GatePolicy(), today: Self.today)
        let empty = gate.report(GateEvidence(), inputs: [], tool: "test")
        #expect(empty.verdict == .incomparable && empty.rows.map(\.id) == ["compared"])
        var evidence = GateEvidence()
        evidence.failures = [InputFailure(path: "a.h5", message: "a.h5 is no archive.")]
        let failed = gate.report(evidence, inputs: [], tool: "test")
        #expect(failed.rows.map(\.id) == ["input", "compared"] && failed.exitCode == 2)
        #expect(failed.sentence.contains("2 of 2 rows could not be compared"))
    }

    @Test("a required metric must be there and within its bounds")
    func metrics() async throws {
        var policy = GatePolicy()
        policy.allowed = ["sound.silent"]
        policy.required = [
            .init(.soundSilentShare, atMost: 0.5), .init(.soundFiles, atLeast: 3),
            .init(.captureAlignment, atLeast: 1),
        ]
        let report = await Self.report([Self.silent, Self.plausible], policy)
        func row(_ metric: GateMetric) throws -> GateReport.Row {
            try #require(report.rows.first { $0.id == metric.rawValue })
        }
        #expect(try row(.soundSilentShare).status == .passed)
        #expect(try row(.soundFiles).status == .failed)
        #expect(try row(.soundFiles).why.hasSuffix("is 2, asked for is at least 3."))
        #expect(try row(.captureAlignment).status == .failed)
        #expect(try row(.captureAlignment).why.contains("not every input gives it"))
        let silent = try #require(report.metrics.first { $0.metric == .soundSilentShare })
        #expect(silent.value == 0.5 && silent.status == .met)
        let other = try #require(report.metrics.first { $0.metric == .soundPlausibleShare })
        #expect(other.value == 0.5 && other.status == .notRequired)
    }

    @Test("a figure that is no number passes no bound")
    func noNumber() {
        let requirement = GatePolicy.Requirement(.soundFiles, atLeast: 0)
        #expect(!requirement.passes(.nan, before: nil) && requirement.passes(0, before: nil))
        #expect(!GatePolicy.Requirement(.soundFiles, atMost: 0).passes(.nan, before: nil))
        #expect(!GatePolicy.Requirement(.soundFiles, changeAtMost: 1).passes(2, before: nil))
        #expect(!GatePolicy.Requirement(.soundFiles, changeAtMost: 1).passes(2, before: .nan))
        #expect(GatePolicy.Requirement(.soundFiles, changeAtMost: 1).passes(2, before: 3))
        #expect(!GatePolicy.Requirement(.soundFiles, changeAtMost: 1).passes(2, before: 3.5))
    }

    @Test("the share that never met EOS counts files whose limit is known")
    func exhausted() async throws {
        var policy = GatePolicy()
        policy.required = [.init(.soundExhaustedShare, atMost: 0)]
        func share(_ files: [String]) async -> Double? {
            let evidence = await Self.evidence(files, budget: 86)
            let report = Gate(policy, today: Self.today).report(evidence, inputs: [], tool: "test")
            #expect(report.verdict == .failed)
            return report.metrics.first { $0.metric == .soundExhaustedShare }?.value
        }
        // 76 frames are 86 - 10; 95 are more than 86 allow, so that file had another limit, which nobody knows.
        #expect(await share([Self.cut]) == 1)
        #expect(await share([Self.cut, Self.plausible]) == nil)
    }

    @Test("a pattern lets no required metric pass, its name does")
    func metricPatterns() async throws {
        var policy = GatePolicy()
        policy.required = [.init(.soundFiles, atLeast: 9)]
        policy.allowed = ["sound.*"]
        policy.waivers = [.init(finding: "*", reason: "all", expires: Self.today)]
        #expect(await Self.report([Self.plausible], policy).verdict == .failed)
        policy.allowed = ["sound.files"]
        #expect(await Self.report([Self.plausible], policy).verdict == .passed)
    }

    @Test(
        "a file is one input by whatever path, and a folder is no mistake because its files were named before"
    )
    func sameFile() {
        let folder = "\(Self.root)/golden/sound"
        let inputs = GateInputs(at: [folder, "\(Self.root)/golden/../golden/sound", Self.plausible])
        #expect(inputs.found.count == 21 && inputs.problems.isEmpty)
    }

    @Test("in a folder hidden names, links to folders and files of other kinds are passed over")
    func folders() throws {
        let scratch = try Scratch()
        let files = FileManager.default
        try files.createDirectory(atPath: scratch.path + "/deep", withIntermediateDirectories: true)
        for name in ["a.WAV", "deep/b.h5", "deep/run.log", ".hidden.wav", "notes.txt", "deep/c.hdf5"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(scratch.path)/\(name)"))
        }
        try files.createSymbolicLink(atPath: scratch.path + "/deep/up", withDestinationPath: scratch.path)
        let inputs = GateInputs(at: [scratch.path])
        #expect(
            inputs.found.map { String($0.path.dropFirst(scratch.path.count)) } == [
                "/a.WAV", "/deep/b.h5", "/deep/c.hdf5", "/deep/run.log",
            ])
        #expect(inputs.found.map(\.kind) == [.sound, .capture, .capture, .log] && inputs.problems.isEmpty)
        #expect(GateInputs(at: [scratch.path + "/de*/*.h5"]).found.count == 1)
        #expect(GateInputs(at: [scratch.path + "/*.mp3"]).problems.count == 1)
    }

    @Test("a log fails for what it proves, and one without a known line cannot be compared")
    func logs() throws {
        func log(_ text: String) throws -> GateEvidence {
            var evidence = GateEvidence()
            var blocks = [Array(text.utf8)]
            let file = try LogReader.read("run.log") { () throws(LogError) in blocks.popLast() ?? [] }
            evidence.logs = LogReport(files: [file])
            return evidence
        }
        let gate = Gate(GatePolicy(), today: Self.today)
        let unknown = gate.report(try log("hello\nworld\n"), inputs: [], tool: "test")
        #expect(unknown.rows.map(\.id) == ["input", "compared"] && unknown.exitCode == 2)
        // The story's own excerpt: the EOS message proves nothing, the energy does.
        let excerpt = try String(
            contentsOfFile: "\(Self.root)/Tests/LogTests/Fixtures/story-excerpt.log", encoding: .utf8)
        let silent = gate.report(try log(excerpt), inputs: [], tool: "test")
        #expect(silent.exitCode == 1 && silent.rows.map(\.id) == ["log.energy-silence"])
        #expect(silent.rows[0].why.hasPrefix("Line 2: "))
        var strict = GatePolicy()
        strict.isStrict = true
        let severe = Gate(strict, today: Self.today).report(try log(excerpt), inputs: [], tool: "test")
        #expect(severe.rows.map(\.id) == ["log.energy-silence", "log.eos-check-after-clip"])
    }

    @Test("against an earlier report: new, fixed, not given, and metrics that moved")
    func baseline() async throws {
        var policy = GatePolicy()
        policy.required = [.init(.soundSilentShare, changeAtMost: 0.25)]
        let earlier = await Self.report([Self.silent, Self.plausible])
        let same = await Self.report([Self.silent, Self.plausible], baseline: earlier)
        let none = try #require(same.baseline)
        #expect(none.new.isEmpty && none.fixed.isEmpty && none.notJudged.isEmpty && none.drift.isEmpty)
        #expect(none.file == "old.json" && same.verdict == .failed)
        let other = await Self.report([Self.plausible], policy, baseline: earlier)
        let change = try #require(other.baseline)
        #expect(change.notJudged.map(\.input) == [Self.silent] && change.fixed.isEmpty)
        #expect(change.new.map(\.id) == ["sound.silent_share"])
        let drift = try #require(change.drift.first { $0.metric == .soundSilentShare })
        #expect(drift.before == 0.5 && drift.after == 0)
        #expect(other.rows[0].why.contains("from 0.5 in the baseline, and may change by 0.25"))
        var waived = GatePolicy()
        waived.waivers = [.init(finding: "*", reason: "fixed by leave", expires: Self.today)]
        let fixed = await Self.report([Self.silent, Self.plausible], waived, baseline: earlier)
        #expect(fixed.baseline?.letPass.map(\.id) == ["sound.silent"] && fixed.baseline?.fixed == [])
        // A metric that is no longer asked for is not mended, and a file that cannot be read is not either.
        let asked = await Self.report([Self.plausible], policy, baseline: earlier)
        let unasked = await Self.report([Self.plausible], baseline: asked)
        #expect(unasked.baseline?.notJudged.map(\.id) == ["sound.silent_share"])
        #expect(unasked.baseline?.fixed == [])
        let lost = "\(Self.root)/none.wav"
        var before = earlier
        for index in before.rows.indices where before.rows[index].input == Self.silent {
            before.rows[index].input = lost
        }
        let unread = await Self.report([lost, Self.plausible], baseline: before)
        #expect(unread.baseline?.notJudged.map(\.input) == [lost] && unread.baseline?.fixed == [])
        // The same file, with nothing wrong now, is mended.
        for index in before.rows.indices where before.rows[index].input == lost {
            before.rows[index].input = Self.plausible
        }
        #expect(
            await Self.report([Self.plausible], baseline: before).baseline?.fixed.map(\.id) == [
                "sound.silent"
            ])
    }

    @Test("a report is read back as it was written, and what is none is named")
    func readBack() async throws {
        let scratch = try Scratch()
        let report = await Self.report([Self.silent, Self.plausible])
        let file = scratch.path + "/report.json"
        try ReportFile.write(Array(try JSONText.encode(report)), to: file)
        #expect(try GateReport(file: file) == report)
        for (text, clause) in [
            ("", "is no JSON"), ("{}", "is no JSON with a schema_version"),
            ("{\"schema_version\": 2}", "this version reads 1"),
            ("{\"schema_version\": 1}", "is another JSON document"),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            let error = #expect(throws: InputFailure.self) { try GateReport(file: file) }
            #expect(error?.message.contains(clause) == true && error?.message.hasPrefix(file) == true)
        }
        #expect(throws: InputFailure.self) { try GateReport(file: scratch.path + "/none.json") }
    }

    @Test("rows stand by their status, in the order in which they were found, and are counted")
    func order() async throws {
        var policy = GatePolicy()
        policy.allowed = ["sound.silent"]
        policy.required = [.init(.soundFiles, atLeast: 9)]
        let report = await Self.report(
            [Self.plausible, Self.silent, "\(Self.root)/none.wav", Self.cut], policy)
        #expect(report.rows.map(\.status) == [.incomparable, .failed, .allowed, .passed, .passed])
        #expect(report.rows.suffix(2).map(\.input) == [Self.plausible, Self.cut])
        #expect(report.counts.incomparable == 1 && report.counts.failed == 1 && report.counts.allowed == 1)
        #expect(report.counts.passed == 2 && report.counts.waived == 0)
    }
}
