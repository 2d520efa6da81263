import AlignmentJSON
import AlignmentLogs
import Foundation
import Testing

@Suite("Hostile and damaged logs")
struct HostileTests {
    @Test("blocks of every size give the same report", arguments: Logs.names)
    func blocks(name: String) throws {
        let bytes = try Logs.bytes(name)
        let whole = try Logs.read(bytes)
        for size in Array(1...64) + [97, 251, 1021, 4093] {
            #expect(try Logs.read(bytes, blockSize: size) == whole)
        }
    }

    @Test(
        "two blocks that meet at any byte give the same report",
        arguments: ["story-excerpt", "traceback", "vllm"])
    func seams(name: String) throws {
        let bytes = try Logs.bytes(name)
        let whole = try Logs.read(bytes)
        for seam in 1..<bytes.count {
            var blocks = [Array(bytes[seam...]), Array(bytes[..<seam])]
            let log = try LogReader.read("test.log") { () throws(LogError) in blocks.popLast() ?? [] }
            #expect(log == whole)
        }
    }

    @Test(
        "a log that is cut at any byte reads as what is left",
        arguments: ["story-loguru", "story-excerpt", "traceback"])
    func cuts(name: String) throws {
        let bytes = try Logs.bytes(name)
        let whole = try Logs.read(bytes)
        var recognised = 0
        for end in 1..<bytes.count {
            let log = try Logs.read(Array(bytes[..<end]))
            #expect(log.recognised >= recognised - 1 && log.recognised <= whole.recognised)
            recognised = max(recognised, log.recognised)
            #expect(log.samples.count <= whole.samples.count)
        }
        #expect(recognised >= whole.recognised - 1)
    }

    @Test("bytes of a log that are changed at random do not stop the reading", arguments: Logs.names)
    func changes(name: String) throws {
        var dice = Dice(state: 7)
        let bytes = try Logs.bytes(name)
        for _ in 0..<40 {
            var changed = bytes
            for _ in 0..<(1 + dice.next() % 40) {
                let place = Int(dice.next() % UInt64(changed.count))
                switch dice.next() % 3 {
                case 0: changed[place] = UInt8(truncatingIfNeeded: dice.next())
                case 1: changed.remove(at: place)
                default:
                    let start = min(place, bytes.count - 1)
                    changed.insert(contentsOf: bytes[start...].prefix(40), at: place)
                }
            }
            let log = try? Logs.read(changed)
            if let log { _ = try JSONText.encode(log) }
        }
    }

    @Test("random bytes and random pieces of the catalogue do not stop the reading")
    func random() throws {
        var dice = Dice(state: 11)
        let pieces =
            RuleTable.rules.flatMap { $0.patterns.map(\.template) } + [
                "\n", "\r", "\u{1B}[", "{", "}", "\"", "99999999999999999999", "-9223372036854775808",
                "1e999", "nan", "[8, 95]",
                "[8, -1]", "tensor(", "/", "<|AUDIO|>", "Traceback (most recent call last):\n", "  File \"",
                "\", line 3, in x\n",
                "2025-08-21 10:15:02 | INFO | ", "{\"message\": \"",
            ]
        for _ in 0..<2000 {
            let text = (0..<(1 + dice.next() % 30)).map { _ in
                let piece = pieces[Int(dice.next() % UInt64(pieces.count))]
                return piece.split(separator: "{").map { part in
                    part.contains("}")
                        ? ["7", "-1", "9223372036854775807", "0.5", "[8, 95]", "True"][Int(dice.next() % 6)]
                            + (part.split(separator: "}", maxSplits: 1).dropFirst().first ?? "")
                        : String(part)
                }.joined() + (dice.next() % 3 == 0 ? "\n" : "")
            }.joined()
            let log = try? Logs.read(text)
            if let log { _ = try JSONText.encode(log) }
            let noise = (0..<400).map { _ in UInt8(truncatingIfNeeded: dice.next() | 0x20) }
            _ = try? Logs.read(noise)
        }
    }

    @Test("a million lines and thirty thousand samples are read, ten thousand of them kept")
    func long() throws {
        let block = Array(
            (String(repeating: "an ordinary line of a log about something else\n", count: 30)
                + "Starting generation with 96 max tokens...\nAudio energy: 1.00e-12\n\n").utf8)
        var left = 31_000
        let log = try LogReader.read("test.log") { () throws(LogError) in
            left -= 1
            return left < 0 ? [] : block
        }
        #expect(log.lines == 31_000 * 33)
        #expect(log.tally.samples == 31_000)
        #expect(log.tally.silent == 31_000)
        #expect(log.samples.count == 10_000)
        let finding = try #require(log.finding("energy-silence"))
        #expect(finding.count == 31_000)
        #expect(finding.linesCount == 31_000)
        #expect(finding.examples.count == 5)
    }

    @Test("a text without an end does not swallow the log")
    func endless() throws {
        let noise = String(repeating: "no end\n", count: 5000)
        #expect(
            try Logs.read("=== Generation Input ===\n\(noise)Audio energy: 1.00e-12\n").ids() == [
                "energy-silence"
            ])
        #expect(
            try Logs.read("INFO:a:=== Generation Input ===\n\(noise)Audio energy: 1.00e-12\n").ids() == [
                "energy-silence"
            ])
        let frames = String(repeating: "  File \"/a.py\", line 1, in f\n", count: 5000)
        #expect(
            try Logs.read("Traceback (most recent call last):\n\(frames)Audio energy: 1.00e-12\n").ids() == [
                "energy-silence"
            ])
    }

    @Test("text from a log is cut and cannot act on a terminal")
    func harmless() throws {
        let evil = "\u{202E}\u{9B}31m\u{8}\u{2028}" + String(repeating: "ü", count: 1000)
        let log = try Logs.read(
            "Audio issues detected: \(evil)\nError during generation: \(evil)\nFailed to load \(evil): \(evil)\nAudio energy: 1.00e-12 \(evil)\nTraceback (most recent call last):\n  File \"\(evil)\", line 1, in \(evil)\nValueError: \(evil)\n"
        )
        let json = String(decoding: try JSONText.encode(log), as: UTF8.self)
        #expect(
            log.ids() == ["energy-silence", "file-issues", "generation-error", "load-failed", "traceback"])
        for scalar in ["\u{202E}", "\u{9B}", "\u{8}", "\u{2028}"] as [Unicode.Scalar] {
            #expect(!json.unicodeScalars.contains(scalar))
        }
        #expect(!json.contains("\\u0008") && !json.contains("\\b"))
        #expect(!json.contains(String(repeating: "ü", count: 201)))
        for example in log.findings.flatMap(\.examples) { #expect(example.text.unicodeScalars.count <= 200) }
    }

    @Test("NaN and infinity are texts in JSON, and everything reads back")
    func json() throws {
        let text =
            "Audio energy: nan\nStarting generation with 5 max tokens\nDecoded audio: energy=-inf, max_amplitude=nan, duration=infs\n"
        let report = LogReport(files: [try Logs.read(text)])
        let data = try JSONText.encode(report)
        let json = try JSONText.parse(data)
        #expect(json["schema_version"] == .integer(1))
        let files = try #require(json["files"]?.array)
        #expect(files[0]["exit_code"] == .integer(1))
        #expect(files[0]["findings"]?.array?.first?["lines_count"] == .integer(2))
        #expect(files[0]["findings"]?.array?.first?["values"]?["energy"] == .string("nan"))
        #expect(files[0]["findings"]?.array?.first?["does_not_mean"] != nil)
    }

    /// The generator of Steele, Lea and Flood.
    private struct Dice {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
