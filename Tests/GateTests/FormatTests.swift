import AlignmentReport
import Foundation
import Testing

@testable import AlignmentGate

/// Names and messages from outside, in each of the formats.
@Suite("A gate's formats")
struct FormatTests {
    private static let hostile =
        "a\"b'<script>alert(1)</script>&amp;\u{1B}[31m\u{0}\u{202E}]]>%0A::error::x, y\r\n|pipe*"

    private func report(_ message: String, path: String) -> GateReport {
        var evidence = GateEvidence()
        evidence.failures = [InputFailure(path: path, message: message)]
        var policy = GatePolicy()
        policy.name = Self.hostile
        return Gate(policy, today: JudgingTests.today).report(evidence, inputs: [], tool: "test")
    }

    @Test("JUnit XML holds a hostile name as text")
    func junit() throws {
        let xml = report("line 1\nline 2 <b>.", path: Self.hostile).junit
        #expect(!xml.contains("<script") && !xml.contains("<b>"))
        #expect(!xml.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        #expect(xml.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"))
        #expect(xml.contains("message=\"line 1 line 2 &lt;b&gt;.\""))
        #expect(xml.contains(">line 1\nline 2 &lt;b&gt;.</error>"))
    }

    @Test("JUnit XML counts as the report does, suite by suite")
    func counts() async throws {
        var policy = GatePolicy()
        policy.waivers = [
            .init(finding: "sound.silent", reason: "known", expires: JudgingTests.today)
        ]
        policy.required = [.init(.soundFiles, atLeast: 9)]
        let xml = await JudgingTests.report(
            [JudgingTests.silent, JudgingTests.plausible, "\(JudgingTests.root)/none.wav"], policy
        ).junit
        let lines = xml.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(
            lines.contains {
                $0.hasPrefix("<testsuites name=\"release\" tests=\"4\" failures=\"1\" errors=\"1\"")
            })
        #expect(lines.count { $0.hasPrefix("<testsuite ") } == 4)
        #expect(
            lines.contains {
                $0.hasPrefix(
                    "<testsuite name=\"policy release\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\""
                )
            })
        #expect(
            lines.count { $0.hasPrefix("<failure ") } == 1 && lines.count { $0.hasPrefix("<error ") } == 1)
        #expect(
            lines.count { $0.hasPrefix("<skipped ") } == 1 && lines.count { $0.hasPrefix("<testcase ") } == 4)
    }

    @Test("an annotation is one line, whatever it is about")
    func annotations() {
        let lines = report("100 % wrong\nsecond line.", path: "out/a:b,c.wav").annotations
        #expect(
            lines.first
                == "::error file=out/a%3Ab%2Cc.wav,title=input::100 %25 wrong%0Asecond line.")
        for line in report("m\u{85}\r\n::set-output", path: Self.hostile).annotations {
            #expect(line.split(whereSeparator: \.isNewline).count == 1 && line.hasPrefix("::error "))
        }
        #expect(report("x", path: "/whole/path.wav").annotations.first == "::error title=input::x.")
    }

    @Test("at most 50 annotations, and one that counts the others")
    func manyAnnotations() {
        var evidence = GateEvidence()
        evidence.failures = (0..<80).map { InputFailure(path: "\($0).h5", message: "no") }
        let lines = Gate(GatePolicy(), today: JudgingTests.today).report(evidence, inputs: [], tool: "t")
            .annotations
        #expect(lines.count == 51 && lines.last == "::notice title=release::31 more rows are in the report.")
    }

    @Test("Markdown shows a hostile name as it stands and stays below what a step summary takes")
    func markdown() {
        let page = MarkdownRenderer().render(report("m", path: Self.hostile).document())
        #expect(!page.contains("<script>") && page.contains("\\<script\\>"))
        var evidence = GateEvidence()
        let long = String(repeating: "long ", count: 200)
        evidence.failures = (0..<5_000).map { InputFailure(path: "\($0).h5", message: long) }
        let document = Gate(GatePolicy(), today: JudgingTests.today).report(evidence, inputs: [], tool: "t")
            .document()
        let text = MarkdownRenderer().render(document)
        #expect(text.utf8.count < 1 << 20 && text.contains("4801 more are not shown; report.json has them."))
    }
}
