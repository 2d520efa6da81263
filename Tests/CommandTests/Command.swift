import Foundation
import Subprocess

/// The built program, run as a user runs it.
struct Command {
    var status: Int32
    var output: String
    var errors: String

    /// Runs `higgs-diagnose` with these arguments in the repository's root.
    static func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Command {
        try await run(arguments, environment: environment)
    }

    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Command {
        // Tests start many workers at once: what a machine takes long for is no fault of theirs.
        let defaults = ["HIGGS_TIME_FACTOR": "10"].merging(environment) { _, given in given }
        let overrides = Dictionary(
            uniqueKeysWithValues: defaults.map {
                (Environment.Key(stringLiteral: $0.key), Optional($0.value))
            })
        let result = try await Subprocess.run(
            .path(.init(program)), arguments: Arguments(arguments),
            environment: .inherit.updating(overrides), workingDirectory: .init(root),
            output: .string(limit: 1 << 26), error: .string(limit: 1 << 22))
        guard case .exited(let status) = result.terminationStatus else {
            throw Ended(how: "\(result.terminationStatus)")
        }
        return Command(
            status: Int32(status), output: result.standardOutput, errors: result.standardError)
    }

    /// The program ended by a signal.
    struct Ended: Error { var how: String }

    /// The repository's root.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The program beside the test bundle, or the one that HIGGS_DIAGNOSE names.
    static let program: String = {
        if let named = ProcessInfo.processInfo.environment["HIGGS_DIAGNOSE"] { return named }
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().path + "/higgs-diagnose"
    }()
}
