import Foundation
import Testing

@testable import AlignmentLogs

@Suite("Reading")
struct ReadingTests {
    private func lines(_ text: String, blockSize: Int = 1 << 20) -> [String] {
        var splitter = LineSplitter()
        var found: [String] = []
        func add(_ line: LineSplitter.Line) {
            found.append(
                "\(line.number):\(String(decoding: line.bytes, as: UTF8.self))\(line.isCut ? "+" : "")")
        }
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: blockSize) {
            splitter.take(Array(bytes[start...].prefix(blockSize)), add)
        }
        splitter.finish(add)
        return found + ["=\(splitter.lines)"]
    }

    @Test("line feeds, carriage returns and both end lines, wherever blocks end", arguments: 1...12)
    func ends(blockSize: Int) {
        #expect(
            lines("a\nb\r\nc\rd\n\ne", blockSize: blockSize) == ["1:a", "2:b", "3:c", "3:d", "5:e", "=5"])
        #expect(lines("a\r\n", blockSize: blockSize) == ["1:a", "=1"])
        #expect(lines("a\r", blockSize: blockSize) == ["1:a", "=1"])
        #expect(lines("\n\n", blockSize: blockSize) == ["=2"])
    }

    @Test("a line of more than 64 KiB is cut, and counted", arguments: [1000, 65535, 65536, 65537, 1 << 20])
    func long(blockSize: Int) throws {
        let exact = String(repeating: "x", count: 65536)
        #expect(lines("\(exact)\nb", blockSize: blockSize) == ["1:\(exact)", "2:b", "=2"])
        #expect(lines("\(exact)y\nb", blockSize: blockSize) == ["1:\(exact)+", "2:b", "=2"])
        let log = try Logs.read(
            Array("Audio energy: 1.00e-12 \(exact)\nAudio energy: \(exact)1.0".utf8), blockSize: blockSize)
        #expect(log.cutLines == 2)
        #expect(log.ids() == ["energy-silence"])
    }

    @Test(
        "escape sequences are removed",
        arguments: [
            ("\u{1B}[32mgreen\u{1B}[0m", "green"), ("a\u{1B}[1;38;5;9mb", "ab"),
            ("\u{1B}]0;title\u{7}x", "x"),
            ("\u{1B}]8;;http://a\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"), ("\u{1B}[2K\u{1B}[1Gx", "x"),
            ("x\u{1B}", "x"), ("x\u{1B}[", "x"), ("x\u{1B}[3", "x"), ("x\u{1B}]no end", "x"),
            ("\u{1B}(Bx", "x"),
            ("\u{1B}[?25lx", "x"), ("plain", "plain"),
        ])
    func escapes(text: String, left: String) {
        #expect(String(decoding: EscapeSequences.removed(from: Array(text.utf8)[...]), as: UTF8.self) == left)
    }

    @Test(
        "what stands before the message is taken apart",
        arguments: [
            Prefix("plain message", .bare, nil, nil, "plain message"),
            Prefix(
                "2025-08-21 10:15:02.123 | INFO     | __main__:f:12 - said", .loguru, "INFO", "__main__:f:12",
                "said"),
            Prefix("INFO:name.of:said", .logging, "INFO", "name.of", "said"),
            Prefix("INFO:     127.0.0.1 - said", .logging, "INFO", nil, "127.0.0.1 - said"),
            Prefix("2025-08-21 10:15:02,123 - name - WARNING - said", .logging, "WARNING", "name", "said"),
            Prefix("2025-08-21 10:15:02 [error] said", .logging, "ERROR", nil, "said"),
            Prefix("2025-08-21T10:15:02Z said", .timed, nil, nil, "said"),
            Prefix(
                "[INFO|file.py:12] 2025-08-21 10:15:02,123 >> said", .transformers, "INFO", "file.py:12",
                "said"),
            Prefix("INFO 08-21 10:15:02 [file.py:12] said", .vllm, "INFO", "file.py:12", "said"),
            Prefix("(Worker pid=7) ERROR 08-21 10:15:02 [a.py:1]   said", .vllm, "ERROR", "a.py:1", "  said"),
            Prefix("[2025-08-21 10:15:02 TP0] said", .sglang, nil, nil, "said"),
            Prefix("/a/b.py:12: UserWarning: said", .warning, "WARNING", "/a/b.py:12", "said"),
            Prefix("2025-08-21T10:15:02.123456789Z INFO:n:said", .logging, "INFO", "n", "said"),
            Prefix("2025-08-21T10:15:02.123456789Z stdout F said", .bare, nil, nil, "said"),
            Prefix("[pod/a/b] INFO:n:said", .logging, "INFO", "n", "said"),
            Prefix("web-1  | INFO:n:said", .logging, "INFO", "n", "said"),
            Prefix("[info     ] said", .logging, "INFO", nil, "said"),
            Prefix(#"{"level": "warning", "msg": "said", "logger": "n"}"#, .json, "WARNING", "n", "said"),
            Prefix(#"{"log": "INFO:n:said\n", "stream": "stderr"}"#, .logging, "INFO", "n", "said"),
            Prefix(#"{"a": 1}"#, .bare, nil, nil, #"{"a": 1}"#),
            Prefix("{not json", .bare, nil, nil, "{not json"),
            Prefix("information is here", .bare, nil, nil, "information is here"),
        ])
    func prefixes(prefix: Prefix) {
        let line = LinePrefix.parse(Array(prefix.text.utf8)[...], number: 1, isCut: false)[0]
        #expect(line.format == prefix.format)
        #expect(line.level == prefix.level)
        #expect(line.place == prefix.place)
        #expect(String(decoding: line.message, as: UTF8.self) == prefix.message)
    }

    struct Prefix: Sendable, CustomTestStringConvertible {
        let text: String
        let format: LogFormat
        let level: String?
        let place: String?
        let message: String

        init(_ text: String, _ format: LogFormat, _ level: String?, _ place: String?, _ message: String) {
            self.text = text
            self.format = format
            self.level = level
            self.place = place
            self.message = message
        }

        var testDescription: String { text }
    }

    @Test("a log that cannot be read is one sentence")
    func errors() throws {
        let folder = NSTemporaryDirectory() + "higgs-logs-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func file(_ name: String, _ bytes: [UInt8]) throws -> String {
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
            return "\(folder)/\(name)"
        }
        func reason(_ path: String) -> LogError.Reason? {
            do {
                _ = try LogReader.read(path)
                return nil
            } catch { return error.reason }
        }
        #expect(reason("\(folder)/none.log") == .fileNotFound)
        #expect(reason(folder) == .notAFile("a folder"))
        #expect(reason("/dev/null") == .notAFile("a device"))
        #expect(reason(try file("empty.log", [])) == .empty)
        #expect(
            reason(try file("binary.log", (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 >> 3) }))
                == .binary)
        #expect(reason(try file("utf16.log", [0xFF, 0xFE, 0x61, 0x00])) == .utf16)
        let good = try file("good.log", Array("\u{FEFF}Audio energy: 1.00e-12\n".utf8))
        #expect(try LogReader.read(good).ids() == ["energy-silence"])
        let report = LogReader.read([good, "\(folder)/none.log"])
        #expect(report.files.count == 1)
        #expect(report.exitCode == 2)
        #expect(report.failures.map(\.message) == ["\(folder)/none.log does not exist; check the path"])
        #expect(report.failures[0].path == "\(folder)/none.log")
    }

    @Test("a few zero bytes and wrong UTF-8 are no binary file")
    func damaged() throws {
        let bytes =
            Array("Audio energy: 1.00e-12 \u{0}".utf8) + [0xC3, 0x28, 0xFF, 0x0A]
            + Array(repeating: 0x61, count: 200)
        let log = try Logs.read(bytes)
        #expect(log.ids() == ["energy-silence"])
        #expect(log.findings[0].examples[0].text == "Audio energy: 1.00e-12 \u{FFFD}\u{FFFD}(\u{FFFD}")
    }

    @Test("exit codes: nothing recognised 2, a defect 1, else 0")
    func exits() throws {
        #expect(try Logs.read("hello\n").exitCode == 2)
        #expect(try Logs.read("Audio energy: 1.00e-12\n").exitCode == 1)
        #expect(try Logs.read("Audio energy: 1.00e-05\n").exitCode == 0)
        #expect(try Logs.read("Audio energy: 1.00e-02\n").exitCode == 0)
        #expect(LogReport(files: []).exitCode == 2)
        let files = [try Logs.read("Audio energy: 1.00e-02\n"), try Logs.read("hello\n")]
        #expect(LogReport(files: files).exitCode == 2)
    }
}
