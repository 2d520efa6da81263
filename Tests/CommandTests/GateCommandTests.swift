import AlignmentKit
import Foundation
import Subprocess
import TestSupport
import Testing

@testable import higgs_diagnose

@Suite("higgs-diagnose gate")
struct GateCommandTests {
    private static let archives = [
        "budget", "plain", "real-3b-tokens", "silent-output", "story-fix", "two-segments",
        "voice-clone-greedy", "voice-clone",
    ].map { "golden/\($0).h5" }

    private func policy(_ yaml: String = "", in scratch: Scratch) throws -> String {
        let file = scratch.path + "/policy.yaml"
        try Data(("schema_version: 1\n" + yaml).utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    private func gate(_ policy: String, _ arguments: String...) async throws -> (Command, GateReport) {
        let command = try await Command.run(
            ["gate", "--format", "json", "--on", "2026-11-28", "--policy", policy] + arguments)
        return (command, try JSONText.decode(GateReport.self, from: Data(command.output.utf8)))
    }

    /// Verdicts of `golden/sound` that its labels do not call sound or a warning.
    private func wrongSounds() throws -> [String: String] {
        let table = try String(contentsOfFile: Command.root + "/golden/sound/labels.tsv", encoding: .utf8)
        let classes = [
            "silent": "sound.silent", "near-silent": "sound.mostly-silent", "clipped": "sound.clipped",
            "looped": "sound.looped", "drone": "sound.no-speech-structure",
            "noise": "sound.no-speech-structure",
            "floor-budget": "sound.no-speech-structure",
        ]
        var wrong: [String: String] = [:]
        for row in table.split(separator: "\n").dropFirst().map({ $0.split(separator: "\t") }) {
            if let id = classes[String(row[1])] { wrong["golden/sound/\(row[0])"] = id }
        }
        return wrong
    }

    @Test(
        "the committed archives and sound fail for the reasons that they were committed for, and for no other"
    )
    func committed() async throws {
        let scratch = try Scratch()
        let file = try policy(
            "require: [{metric: sound.silent_share, at_most: 0}, {metric: capture.eos_presence, at_least: 1}]",
            in: scratch)
        let (command, report) = try await gate(file, "golden/*.h5", "golden/sound")
        #expect(command.status == 1 && command.errors.isEmpty && report.exitCode == 1)
        #expect(report.inputs.map(\.path).filter { $0.hasSuffix(".h5") } == Self.archives)
        let failed = report.rows.filter { $0.status == .failed }
        let captures = failed.filter { $0.input?.hasSuffix(".h5") == true }
        #expect(
            captures.map { [$0.input, $0.id] } == [
                ["golden/budget.h5", "generation.budget"], ["golden/real-3b-tokens.h5", "generation.budget"],
                ["golden/real-3b-tokens.h5", "tokens.undecided"],
                ["golden/silent-output.h5", "collator.surplus-placeholder"],
                ["golden/story-fix.h5", "collator.surplus-placeholder"],
            ])
        #expect(captures.allSatisfy { $0.sample == "000000" })
        let sounds = Dictionary(grouping: failed.filter { $0.input?.hasSuffix(".wav") == true }) {
            $0.input ?? ""
        }
        let wrong = try wrongSounds()
        #expect(Set(sounds.keys) == Set(wrong.keys) && wrong.count == 14)
        for (input, id) in wrong {
            #expect(sounds[input]?.contains { $0.id == id } == true, "\(input) \(id)")
        }
        #expect(
            failed.filter { $0.input == nil }.map(\.id) == ["capture.eos_presence", "sound.silent_share"])
        #expect(report.rows.count { $0.status == .passed } == 4 + 7)
    }

    /// What the gate says of a capture of which `explain` says something else than it does.
    private func judged(
        _ policy: GatePolicy = GatePolicy(), _ change: (inout Explanation) -> Void
    ) async throws -> [[String]] {
        let printed = try await Command.run("explain", "golden/budget.h5", "--format", "json").output
        var explanation = try JSONText.decode(ExplanationReport.self, from: Data(printed.utf8))
        change(&explanation.samples[0])
        var evidence = GateEvidence()
        evidence.captures = [GateEvidence.Capture(explanation: explanation, runs: [])]
        let day = try #require(GateDay("2026-11-28"))
        let report = Gate(policy, today: day).report(evidence, inputs: [], tool: "test")
        return report.rows.map { [$0.id, $0.status.rawValue] }
    }

    @Test("a failed check that only a setting explains fails, and so does a stage that could not be decided")
    func notExplainedByCauses() async throws {
        #expect(try await judged { _ in } == [["generation.budget", "failed"]])
        let bySetting = try await judged { sample in
            sample.causes = []
            for index in sample.checks.indices where sample.checks[index].status == .failed {
                sample.checks[index].explainedBy = ["generation.temperature"]
            }
        }
        #expect(bySetting == [["check.eos", "failed"]])
        var policy = GatePolicy()
        policy.allowed = ["generation.budget"]
        let undecided = try await judged(policy) { $0.stages[3].status = .undecided }
        #expect(undecided == [["decode.undecided", "failed"], ["generation.budget", "allowed"]])
        policy.allowed.append("*.undecided")
        #expect(
            try await judged(policy) { $0.stages[3].status = .undecided }.allSatisfy { $0[1] == "allowed" })
        let nothing = try await judged { sample in
            (sample.causes, sample.checks) = ([], [])
        }
        #expect(nothing == [["unexplained", "failed"]])
        let aligned = try await judged { sample in
            (sample.causes, sample.checks, sample.verdict) = ([], [], .aligned)
        }
        #expect(aligned == [["capture", "passed"]])
        // Too little to judge takes away no cause and no failed check.
        let little = try await judged { sample in
            (sample.verdict, sample.causes) = (.incomparable, [])
            sample.stages[3].status = .undecided
            for index in sample.checks.indices where sample.checks[index].status == .failed {
                sample.checks[index].explainedBy = []
            }
        }
        #expect(little == [["input", "incomparable"], ["check.eos", "failed"]])
    }

    @Test(
        "a reference's path that raises otherwise than upstream's code, or that was not computed, does not pass"
    )
    func replay() async throws {
        let explained = try await Command.run("explain", "golden/plain.h5", "--format", "json").output
        let ran = try await Command.run("run", "golden/plain.h5", "--format", "json").output
        let explanation = try JSONText.decode(ExplanationReport.self, from: Data(explained.utf8))
        let run = try #require(JSONText.decode(RunReport.self, from: Data(ran.utf8)).samples.first)
        let day = try #require(GateDay("2026-11-28"))
        func rows(_ change: (inout SampleRun) throws -> Void) rethrows -> [GateReport.Row] {
            var run = run
            try change(&run)
            var evidence = GateEvidence()
            evidence.captures = [GateEvidence.Capture(explanation: explanation, runs: [run])]
            return Gate(GatePolicy(), today: day).report(evidence, inputs: [], tool: "test").rows
        }
        #expect(rows { _ in }.map(\.status) == [.passed])
        let raised = #"{"golden": {"type": "IndexError", "message": "m", "location": "l"}}"#
        let other = try rows { run in
            run.stages[0].raised = try JSONText.decode(RaisedSides.self, from: Data(raised.utf8))
        }
        #expect(other[0].id == "replay.collator" && other[0].status == .failed)
        #expect(other[0].why == "The reference's path raises nothing, and upstream's code raised IndexError.")
        let missing = rows { run in
            (run.stages[3].tensors[0].status, run.stages[3].tensors[0].why) = (.notComputed, "no codec")
        }
        #expect(missing[0].id == "replay.decode" && missing[0].status == .incomparable)
        #expect(missing[0].why.hasSuffix("was not computed: no codec."))
        let differs = rows { run in
            run.stages[2].tensors[0].alignedVsGolden = .mismatch("another shape")
        }
        #expect(differs[0].id.hasPrefix("replay.tokens/") && differs[0].status == .failed)
    }

    @Test("the least of some requests is not the least of all")
    func leastOfAll() async throws {
        let scratch = try Scratch()
        let file = try policy("require: [{metric: capture.eos_presence, at_least: 1}]", in: scratch)
        let (_, one) = try await gate(file, "golden/voice-clone.h5")
        #expect(one.metrics.first { $0.metric == .captureEosPresence }?.value == 1)
        // Its collator raised, so it has no tokens, and nobody knows of an EOS.
        let (_, both) = try await gate(file, "golden/voice-clone.h5", "golden/story-fix.h5")
        #expect(both.metrics.first { $0.metric == .captureEosPresence }?.status == .noValue)
        let row = try #require(both.rows.first { $0.id == "capture.eos_presence" })
        #expect(row.status == .failed && row.why.hasSuffix("and not every input gives it."))
    }

    @Test("healthy archives pass, and beside their golden archives, too")
    func healthy() async throws {
        let scratch = try Scratch()
        let file = try policy(
            """
            captures: {golden: goldens}
            require: [{metric: capture.eos_presence, at_least: 1}, {metric: golden.differing_share, at_most: 0}]
            """, in: scratch)
        let golden = scratch.path + "/goldens"
        try FileManager.default.createDirectory(atPath: golden, withIntermediateDirectories: true)
        let plain = Command.root + "/golden/plain.h5"
        try FileManager.default.copyItem(atPath: plain, toPath: golden + "/plain.h5")
        let (_, passed) = try await gate(file, "golden/plain.h5")
        #expect(passed.verdict == .passed && passed.rows.map(\.id).contains("golden.archive"))
        // Another recording under its name, one without an archive of its name, and one that nobody recorded.
        try FileManager.default.copyItem(atPath: plain, toPath: golden + "/two-segments.h5")
        try FileManager.default.copyItem(atPath: plain, toPath: golden + "/other.h5")
        let (_, differs) = try await gate(file, "golden/plain.h5", "golden/two-segments.h5")
        #expect(differs.exitCode == 1)
        let failed = differs.rows.filter { $0.status == .failed }
        #expect(
            failed.contains {
                $0.input == golden + "/other.h5" && $0.why == "No capture of its name was given."
            })
        #expect(failed.contains { $0.input == "golden/two-segments.h5" && $0.id.hasPrefix("golden.tokens/") })
        let (_, alone) = try await gate(file, "golden/budget.h5")
        #expect(alone.exitCode == 2 && alone.rows[0].why.contains("has no archive of its name in"))
        #expect(alone.rows[0].input == "golden/budget.h5" && alone.rows[0].id == "golden.archive")
        // What explain found is not lost with it.
        #expect(alone.rows.contains { $0.id == "generation.budget" && $0.status == .failed })
        // Two of one name: with which of them would a capture be compared?
        let deeper = golden + "/deeper"
        try FileManager.default.createDirectory(atPath: deeper, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: plain, toPath: deeper + "/plain.h5")
        let (_, twice) = try await gate(file, "golden/plain.h5")
        #expect(twice.exitCode == 2 && twice.rows[0].why.contains("and captures are compared by name"))
    }

    @Test("--out writes four files of one report, and leaves what else is there")
    func out() async throws {
        let scratch = try Scratch()
        let out = scratch.path + "/a/gate"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: out + "/notes.txt"))
        let (command, report) = try await gate(
            try policy(in: scratch), "golden/silent-output.h5", "golden/sound", "--out", out)
        let files = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
        #expect(files == ["junit.xml", "notes.txt", "report.html", "report.json", "report.md"])
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: "\(out)/\(name)", encoding: .utf8)
        }
        #expect(try text("report.json") == command.output)
        #expect(try text("notes.txt") == "mine" && text("junit.xml") == report.junit)
        #expect(try text("report.md") == MarkdownRenderer().render(report.document()))
        // Long names may break in a page.
        let page = try text("report.html").replacing("<wbr>", with: "")
        for row in report.rows.prefix(20) { #expect(page.contains(row.id)) }
        #expect(page.contains("collator.surplus-placeholder") && page.contains("data:audio/wav;base64,"))
    }

    @Test("the page of one capture has its cause, its stages, both sounds and its tokens")
    func page() async throws {
        let scratch = try Scratch()
        let file = scratch.path + "/page.html"
        let command = try await Command.run("explain", "golden/silent-output.h5", "--write-page", file)
        #expect(command.status == 1 && command.errors.isEmpty)
        let page = try String(contentsOfFile: file, encoding: .utf8)
        #expect(page.components(separatedBy: "<article class=\"cause\"").count == 2)
        #expect(page.components(separatedBy: "<audio ").count == 3)
        // A line of a diff begins with its sign, which the page's script looks for.
        #expect(page.contains("<pre class=\"changes\">- collator.placeholders: &quot;as-prompted&quot;\n+ "))
        for stage in Stage.allCases { #expect(page.contains("<h4>\(stage.rawValue)</h4>")) }
        #expect(page.contains("<script type=\"application/json\" id=\"r0-tokens\">{\"bos\":1024,"))
        #expect(!page.contains("http://") || !page.contains("src=\"http"))
        let nowhere = try await Command.run("explain", "golden/plain.h5", "--write-page", "/none/page.html")
        #expect(nowhere.status == 2 && nowhere.output.isEmpty)
        #expect(nowhere.errors == "/none/page.html could not be written: there is no folder /none.\n")
    }

    @Test("--init prints a policy that the gate takes")
    func template() async throws {
        let scratch = try Scratch()
        let printed = try await Command.run("gate", "--init")
        #expect(printed.status == 0 && printed.output == GatePolicy.template)
        let file = scratch.path + "/policy.yaml"
        try Data(printed.output.utf8).write(to: URL(fileURLWithPath: file))
        #expect(try await gate(file, "golden/plain.h5").1.verdict == .passed)
        #expect(try await Command.run("gate", "--init", "golden").status == 64)
        #expect(try await Command.run("gate", "--init", "--strict").status == 64)
    }

    @Test("wrong usage is 64")
    func usage() async throws {
        let scratch = try Scratch()
        let file = try policy(in: scratch)
        for arguments in [
            ["gate"], ["gate", "golden/plain.h5"], ["gate", "--policy", file],
            ["gate", "--policy", file, "golden/plain.h5", "--on", "tomorrow"],
        ] {
            let command = try await Command.run(arguments)
            #expect(command.status == 64 && command.output.isEmpty, "\(arguments)")
        }
    }

    @Test(
        "what cannot be used is one sentence and exit code 2",
        arguments: [
            ("strikt: true", "golden/plain.h5", [], ":2: strikt is not a key here"),
            ("captures: {reference: none.yaml}", "golden/plain.h5", [], "none.yaml does not exist"),
            ("sound: {profile: none.yaml}", "golden/sound", [], "none.yaml does not exist"),
            ("captures: {golden: none}", "golden/plain.h5", [], "none is no folder"),
            (
                "captures: {golden: ., tolerances: none.yaml}", "golden/plain.h5", [],
                "none.yaml does not exist"
            ),
            ("", "golden/plain.h5", ["--baseline", "/none.json"], "/none.json does not exist"),
            (
                "", "golden/plain.h5", ["--baseline", "README.md"],
                "README.md is no JSON with a schema_version"
            ),
            (
                "require: [{metric: sound.files, change_at_most: 1}]", "golden/plain.h5", [],
                "give the report to hold it against as --baseline"
            ),
            ("", "golden/none.h5", [], "golden/none.h5 does not exist"),
            ("", "golden/none*", [], "golden/none* matches no file"),
            ("", "LICENSE", [], "None of"),
            (
                "", "golden/plain.h5", ["--out", "README.md"],
                "README.md could not be written: it is no folder"
            ),
        ] as [(String, String, [String], String)])
    func problems(yaml: String, input: String, more: [String], expected: String) async throws {
        let scratch = try Scratch()
        let command = try await Command.run(
            ["gate", "--policy", try policy(yaml, in: scratch), input] + more)
        #expect(command.status == 2)
        #expect(command.errors.contains(expected), "\(command.errors)")
        #expect(command.errors.split(separator: "\n").count == 1, "\(command.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["policy.yaml"])
    }

    @Test("what can be looked at is looked at, whatever else cannot")
    func someUnreadable() async throws {
        let scratch = try Scratch()
        try Data("no archive".utf8).write(to: URL(fileURLWithPath: scratch.path + "/bad.h5"))
        let (command, report) = try await gate(
            try policy(in: scratch), scratch.path + "/bad.h5", "golden/none.wav", "golden/budget.h5",
            "golden/plain.h5")
        #expect(command.status == 2 && report.counts.incomparable == 2 && report.counts.failed == 1)
        #expect(report.counts.passed == 1 && command.errors.split(separator: "\n").count == 2)
    }

    @Test("files are told by their name, else by their first bytes")
    func kinds() async throws {
        let scratch = try Scratch()
        func copy(_ file: String, to name: String) throws -> String {
            try FileManager.default.copyItem(
                atPath: "\(Command.root)/\(file)", toPath: "\(scratch.path)/\(name)")
            return "\(scratch.path)/\(name)"
        }
        let capture = try copy("golden/plain.h5", to: "capture.bin")
        let sound = try copy(
            "golden/sound/3537e5d_arabic_generated_002_sample_00073124.wav", to: "sound.bin")
        let log = try copy("Tests/LogTests/Fixtures/story-excerpt.log", to: "run.out")
        let (_, report) = try await gate(
            try policy(in: scratch), capture, sound, log, capture,
            "--codec", "golden/weights/tiny-checkpoint.h5")
        #expect(report.inputs.map(\.kind) == [.capture, .sound, .log])
        #expect(report.exitCode == 1 && report.rows[0].id.hasPrefix("log."))
    }

    @Test("a baseline tells what is new and what is fixed")
    func baseline() async throws {
        let scratch = try Scratch()
        let file = try policy(in: scratch)
        let out = scratch.path + "/first"
        _ = try await gate(file, "golden/budget.h5", "golden/silent-output.h5", "--out", out)
        let waiver = "waivers: [{finding: generation.budget, reason: a short limit, expires: 2026-12-01}]"
        let second = try policy(waiver, in: scratch)
        let (_, report) = try await gate(
            second, "golden/budget.h5", "golden/story-fix.h5", "--baseline", out + "/report.json")
        let change = try #require(report.baseline)
        #expect(change.new.map(\.input) == ["golden/story-fix.h5"])
        #expect(change.letPass.map(\.id) == ["generation.budget"] && change.fixed.isEmpty)
        #expect(change.notJudged.map(\.input) == ["golden/silent-output.h5"])
        #expect(report.counts.waived == 1)
        let text = try await Command.run(
            "gate", "--policy", second, "golden/budget.h5", "--on", "2026-11-28", "--baseline",
            out + "/report.json"
        ).output
        #expect(text.contains("0 new failures, 0 fixed, 1 let pass, 1 not judged this time"))
    }

    @Test(
        "a name from outside is no command for CI, and a folder for sound that cannot be made is one sentence"
    )
    func hostileSurroundings() async throws {
        let scratch = try Scratch()
        let file = try policy(in: scratch)
        let command = try await Command.run(
            "gate", "--policy", file, "::error title=x::hi.wav", "golden/plain.h5")
        #expect(
            command.status == 2 && command.errors.hasPrefix("gate: ::error title=x::hi.wav does not exist"))
        let nowhere = ["TMPDIR": "/proc/none"]
        for arguments in [
            ["gate", "--policy", file, "golden/plain.h5", "--out", scratch.path + "/out"],
            ["explain", "golden/plain.h5", "--write-page", scratch.path + "/page.html"],
        ] {
            let ended = try await Command.run(arguments, environment: nowhere)
            #expect(ended.status == 2 && ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
            #expect(ended.errors.contains("could not be written"))
        }
        #expect(scratch.contents == ["policy.yaml"])
    }

    @Test("the page of a capture holds the log that was held against it")
    func logInPage() async throws {
        let scratch = try Scratch()
        let page = scratch.path + "/page.html"
        _ = try await Command.run(
            "explain", "golden/plain.h5", "--log", "Tests/LogTests/Fixtures/story-excerpt.log",
            "--write-page", page)
        let text = try String(contentsOfFile: page, encoding: .utf8)
        #expect(text.contains("What the log says") && text.contains("id=\"beside\""))
    }

    @Test("settings fail only where the policy or the command is strict")
    func strict() async throws {
        let scratch = try Scratch()
        #expect(try await gate(try policy(in: scratch), "golden/voice-clone-greedy.h5").1.verdict == .passed)
        let (_, flag) = try await gate(try policy(in: scratch), "golden/voice-clone-greedy.h5", "--strict")
        #expect(flag.verdict == .failed && flag.policy.strict)
        let (_, key) = try await gate(try policy("strict: true", in: scratch), "golden/voice-clone-greedy.h5")
        #expect(key.rows == flag.rows && key.rows.contains { $0.id == "generation.do-sample" })
    }

    @Test("annotations go to standard error, the report alone to standard output")
    func annotations() async throws {
        let scratch = try Scratch()
        let (command, report) = try await gate(try policy(in: scratch), "golden/budget.h5", "--annotations")
        #expect(command.errors == report.annotations.joined(separator: "\n") + "\n")
        #expect(command.errors.hasPrefix("::error file=golden/budget.h5,title=generation.budget::"))
    }

    @Test("docs/gate.md says how much a page holds")
    func pageLimits() throws {
        let page = try String(contentsOfFile: Command.root + "/docs/gate.md", encoding: .utf8)
        #expect(page.contains("the sound of the first \(PageMaker.soundsShown) requests"))
        #expect(page.contains("up to \(Int(PageSound.longest)) s of each path"))
        #expect(page.contains("a picture of the \(PageMaker.filesDrawn) worst sound files"))
    }

    @Test("--version names the version and the commit")
    func version() async throws {
        let printed = try await Command.run("--version").output
        #expect(
            printed.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+( \([0-9a-f]{7}(-changed)?\))?\n/) != nil,
            "\(printed)")
        if let commit = ProcessInfo.processInfo.environment["HIGGS_COMMIT"], !commit.isEmpty {
            #expect(printed.contains("(\(commit))"))
        }
    }
}
