import AlignmentYAML
import Foundation
import TestSupport
import Testing

@testable import AlignmentGate

@Suite("A gate's policy")
struct PolicyTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private func text(_ file: String) throws -> String {
        try String(contentsOfFile: "\(Self.root)/\(file)", encoding: .utf8)
    }

    @Test("the template is a policy that asks for nothing, and it names every metric")
    func template() throws {
        #expect(try GatePolicy(yaml: GatePolicy.template, file: "policy.yaml") == GatePolicy())
        for metric in GateMetric.allCases {
            #expect(GatePolicy.template.contains("#   \(metric.rawValue) "), "\(metric)")
        }
        let commented = GatePolicy.template.split(separator: "\n").map(String.init)
        for key in ["golden", "tolerances", "profile", "max_new_tokens", "at_most", "finding", "expires"] {
            #expect(commented.contains { $0.contains("#") && $0.contains("\(key):") }, "\(key)")
        }
    }

    @Test("the example of docs/gate.md is read whole")
    func example() throws {
        let page = try text("docs/gate.md")
        let start = try #require(page.range(of: "```yaml\n")).upperBound
        let end = try #require(page[start...].range(of: "```")).lowerBound
        let policy = try GatePolicy(yaml: String(page[start..<end]), file: "policy.yaml")
        var expected = GatePolicy()
        expected.captures.golden = "golden"
        expected.captures.tolerances = "tolerances.yaml"
        expected.sound.profile = "sound.yaml"
        expected.sound.maxNewTokens = 1024
        expected.required = [
            .init(.soundSilentShare, atMost: 0), .init(.captureEosPresence, atLeast: 1, changeAtMost: 0.05),
        ]
        expected.allowed = ["generation.temperature"]
        expected.waivers = [
            .init(
                finding: "sound.clipped", input: "*loud*.wav",
                reason: "the limiter is replaced in the next release",
                expires: try #require(GateDay("2027-01-31")))
        ]
        #expect(policy == expected)
    }

    @Test("its pages and schemas have the metrics that there are")
    func metrics() throws {
        let page = try text("docs/gate.md")
        for metric in GateMetric.allCases {
            #expect(page.contains("\n| `\(metric.rawValue)` |"), "\(metric)")
        }
        for schema in ["docs/gate-policy.schema.json", "docs/gate-report.schema.json"] {
            let object = try JSONSerialization.jsonObject(with: Data(try text(schema).utf8)) as? [String: Any]
            let names = ((object?["$defs"] as? [String: Any])?["metric"] as? [String: Any])?["enum"]
            #expect(names as? [String] == GateMetric.allCases.map(\.rawValue), "\(schema)")
        }
    }

    @Test(
        "what is wrong with one is said with line and key",
        arguments: [
            ("", ":1: the document is empty"),
            ("name: a", ":1: the document has no schema_version, expected 1"),
            ("schema_version: 2", ":1: schema_version is 2, expected 1"),
            (
                "schema_version: 1\nname: a\nstrikt: true",
                ":3: strikt is not a key here; known are schema_version"
            ),
            ("schema_version: 1\nstrict: 1", ":2: strict is \"1\", expected true or false"),
            ("schema_version: 1\nname: ' '", ":2: name is empty"),
            (
                "schema_version: 1\ncaptures:\n  reference: serve",
                ":3: captures.reference is \"serve\", expected a file"
            ),
            (
                "schema_version: 1\ncaptures:\n  tolerances: a",
                ":3: captures.tolerances is of use only with golden"
            ),
            (
                "schema_version: 1\nsound:\n  max_new_tokens: 0",
                ":3: sound.max_new_tokens is \"0\", expected a whole number above 0"
            ),
            ("schema_version: 1\nrequire:\n  - at_most: 1", ":3: require[0] has no metric"),
            (
                "schema_version: 1\nrequire:\n  - metric: sound.silent\n    at_most: 1",
                ":3: require[0].metric is \"sound.silent\", expected one of capture.requests"
            ),
            ("schema_version: 1\nrequire:\n  - metric: sound.files", ":3: require[0] bounds nothing"),
            (
                "schema_version: 1\nrequire:\n  - metric: sound.files\n    at_least: 2\n    at_most: 1",
                ":3: require[0] lets nothing pass"
            ),
            (
                "schema_version: 1\nrequire:\n  - metric: sound.files\n    at_least: .nan",
                ":4: require[0].at_least is \".nan\", expected a number"
            ),
            (
                "schema_version: 1\nrequire:\n  - metric: sound.files\n    change_at_most: -1",
                ":4: require[0].change_at_most is \"-1\""
            ),
            (
                "schema_version: 1\nrequire:\n  - {metric: sound.files, at_least: 1}\n  - {metric: sound.files, at_most: 9}",
                ":4: require[1] bounds sound.files a second time"
            ),
            (
                "schema_version: 1\nallow:\n  - generation.temprature",
                ":3: allow[0] is \"generation.temprature\", which no gate finds; did you mean generation.temperature"
            ),
            (
                "schema_version: 1\nallow: [golden.diffring_share]",
                ":2: allow[0] is \"golden.diffring_share\""
            ),
            ("schema_version: 1\nallow: [replay.tokns/codes]", ":2: allow[0] is \"replay.tokns/codes\""),
            ("schema_version: 1\nallow: [sound.unreadable]", ":2: allow[0] is \"sound.unreadable\""),
            ("schema_version: 1\nallow:\n  - sond.*", ":3: allow[0] is \"sond.*\", which no gate finds"),
            (
                "schema_version: 1\nwaivers:\n  - finding: sound.silent\n    reason: x",
                ":3: waivers[0] has no expires"
            ),
            (
                "schema_version: 1\nwaivers:\n  - {finding: sound.silent, reason: x, expires: 2026-02-29}",
                ":3: waivers[0].expires is \"2026-02-29\", expected a day such as"
            ),
            (
                "schema_version: 1\nwaivers:\n  - {finding: sound.silent, reason: '', expires: 2026-02-28}",
                ":3: waivers[0].reason is empty"
            ),
            (
                "schema_version: 1\nwaivers:\n  - {finding: sound.silent, reason: a, until: b}",
                ":3: waivers[0].until is not a key here"
            ),
        ])
    func errors(yaml: String, expected: String) {
        let error = #expect(throws: YAMLError.self) { try GatePolicy(yaml: yaml, file: "p.yaml") }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("p.yaml" + expected), "\(text)")
    }

    @Test("ids of every kind are known, also by a pattern")
    func ids() throws {
        let ids = [
            "collator.surplus-placeholder", "decode.unexplained", "check.eos", "sound.int16-wrap", "sound.*",
            "log.eos-check-after-clip", "golden.decode/captured/calls/0/waveform", "replay.tokens/*",
            "capture.alignment", "*.unexplained", "replay*", "*/waveform", "golden.profile.json",
            "unexplained", "*",
        ]
        for id in ids {
            #expect(throws: Never.self, "\(id)") {
                try GatePolicy(yaml: "schema_version: 1\nallow: [\"\(id)\"]", file: "p.yaml")
            }
        }
    }

    @Test("paths in it are taken from its own folder, but for whole ones and names of profiles")
    func paths() throws {
        let scratch = try Scratch()
        let file = scratch.path + "/policy.yaml"
        try """
        schema_version: 1
        captures: {reference: ./mine.yaml, golden: ../golden, tolerances: /etc/t.yaml}
        sound: {profile: sound.yaml}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let policy = try GatePolicy(file: file)
        #expect(policy.captures.reference == "\(scratch.path)/./mine.yaml")
        #expect(policy.captures.golden == "\(scratch.path)/../golden")
        #expect(policy.captures.tolerances == "/etc/t.yaml")
        #expect(policy.sound.profile == "\(scratch.path)/sound.yaml")
        try "schema_version: 1".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try GatePolicy(file: file).captures.reference == "serve-engine")
    }

    @Test("days are days of the calendar, in order")
    func days() throws {
        for text in [
            "2026-13-01", "2026-00-10", "2026-04-31", "1900-02-29", "2200-02-29", "26-01-01", "2026-1-01",
            "2026-01-01 ",
            "", "2026-01-+1", "٢٠٢٦-01-01",
        ] {
            #expect(GateDay(text) == nil, "\(text)")
        }
        let sorted = ["0001-01-01", "2000-02-29", "2026-11-28", "2026-12-01", "2027-01-01"]
        let days = try sorted.map { try #require(GateDay($0)) }
        var generator = SplitMix(state: 2306)
        #expect(days.shuffled(using: &generator).sorted() == days && days.map(\.description) == sorted)
    }

    @Test(
        "a star stands for any letters, anything else for itself",
        arguments: [
            ("a", "a", true), ("a", "ab", false), ("*", "", true), ("*", "a/b.wav", true),
            ("a*", "abc", true), ("*c", "abc", true), ("a*c", "ac", true), ("a*c", "abcd", false),
            ("a*b*c", "axxbyyc", true), ("a*b*c", "axxcyyb", false), ("*aa*aa", "aaa", false),
            ("*aa*aa", "aaaa", true), ("a.c", "abc", false), ("a?c", "abc", false), ("**", "x", true),
            ("*loud*.wav", "out/so loud.wav", true), ("ab*ba", "aba", false),
        ])
    func wildcards(pattern: String, text: String, matches: Bool) {
        #expect(WildcardPattern(pattern).matches(text) == matches)
    }
}
