import AlignmentKit
import Foundation

/// A stack of upstream's Python in one process for all suites, which take turns.
actor Oracle {
    /// boson_multimodal on transformers 4.46.
    static let shared = Oracle(.boson)
    /// The port of the pipeline in transformers from version 5 on.
    static let port = Oracle(.port)

    /// Which packages the process sees.
    enum Stack: String {
        case boson, port
    }

    private let stack: Stack
    private var connection: Connection?

    private init(_ stack: Stack) { self.stack = stack }

    /// The outcome of every case under one file of Oracle/.
    func ask<Value: Decodable>(
        _ stage: String, _ cases: [some Encodable & Sendable], for type: Value.Type
    ) throws -> [Outcome<Value>] {
        let connection = try self.connection ?? Connection(stack)
        self.connection = connection
        let scratch = FileManager.default.temporaryDirectory.appending(path: "oracle-\(UUID())")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let questions = scratch.appending(path: "cases.json")
        let answers = scratch.appending(path: "results.json")
        try JSONText.encode(cases).write(to: questions)
        try connection.answer(stage, questions.path, answers.path)
        return try JSONText.decode([Outcome<Value>].self, from: Data(contentsOf: answers))
    }
}

/// The Python process.
private struct Connection {
    private let process = Process()
    private let requests = Pipe()
    private let replies = Pipe()

    init(_ stack: Oracle.Stack) throws {
        let environment = ProcessInfo.processInfo.environment
        guard let interpreter = environment["HIGGS_PYTHON"] else { throw OracleError.noUpstream }
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Oracle")
        process.executableURL = URL(filePath: interpreter)
        process.arguments = [folder.appending(path: "oracle.py").path, stack.rawValue]
        process.environment = environment.merging(
            ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"]
        ) { $1 }
        if stack == .port {
            // script/upstream-env puts the port's packages beside the environment's own.
            let packages = URL(filePath: interpreter).deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "port")
            process.environment?["PYTHONPATH"] = packages.path
        }
        process.standardInput = requests
        process.standardOutput = replies
        do { try process.run() } catch { throw OracleError.noUpstream }
        guard try reply() == "ready" else { throw OracleError.noUpstream }
    }

    /// Returns when the file of results is written.
    func answer(_ stage: String, _ questions: String, _ answers: String) throws {
        let line = try JSONEncoder().encode([stage, questions, answers]) + Data("\n".utf8)
        try requests.fileHandleForWriting.write(contentsOf: line)
        guard try reply() == "answered" else { throw OracleError.died(stage) }
    }

    /// The process's next line; nil after its end.
    private func reply() throws -> String? {
        var line = Data()
        while let byte = try replies.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
            if byte == Data("\n".utf8) { return String(decoding: line, as: UTF8.self) }
            line += byte
        }
        return nil
    }
}

/// Why upstream gave no answer.
enum OracleError: Error, CustomStringConvertible {
    case noUpstream
    case died(String)

    var description: String {
        switch self {
        case .noUpstream:
            "HIGGS_PYTHON names no Python interpreter that has upstream's packages; script/test sets one up."
        case .died(let stage): "Oracle/\(stage).py ended early; its traceback stands above."
        }
    }
}
