import AlignmentLogs
import Foundation

/// Logs for tests: from the folder Fixtures, or from text.
enum Logs {
    static let names = [
        "story-excerpt", "story-loguru", "story-docker", "story-kubectl", "story-json", "story-structlog",
        "story-terminal", "upstream-logging", "fork-basic", "libraries", "vllm", "sglang", "traceback",
    ]

    static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name).log").path()
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path(name))))
    }

    /// Reads bytes in blocks of a size.
    static func read(_ bytes: [UInt8], blockSize: Int = 1 << 20) throws -> LogFile {
        var position = 0
        return try LogReader.read("test.log") { () throws(LogError) in
            let block = Array(bytes[position...].prefix(blockSize))
            position += block.count
            return block
        }
    }

    static func read(_ text: String) throws -> LogFile { try read(Array(text.utf8)) }
}

extension LogFile {
    /// The ids of findings of at least a level.
    func ids(_ level: LogLevel = .note) -> [String] {
        findings.filter { $0.level >= level }.map(\.id).sorted()
    }

    func finding(_ id: String) -> LogFinding? { findings.first { $0.id == id } }
}
