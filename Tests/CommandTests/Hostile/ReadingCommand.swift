import AlignmentKit
import Foundation
import Testing

/// A command that reads archives, asked about several at once.
enum ReadingCommand: String, CaseIterable, Sendable {
    case verify, inspect, run

    /// What became of one archive: a sentence on why it could not be read, or the result as JSON.
    enum Outcome: Sendable {
        case failure(String)
        case result(JSONValue)
    }

    /// Exit code, and what became of each archive, by its path.
    struct Answer: Sendable {
        var status: Int32
        var outcomes: [String: Outcome]
        var duration: Duration
    }

    /// Runs the command, and expects one sentence on standard error for each failure and nothing else.
    func answer(
        about files: [String], environment: [String: String] = [:]
    ) async throws -> Answer {
        let start = ContinuousClock.now
        let command = try await Command.run([rawValue, "--format", "json"] + files, environment: environment)
        let duration = ContinuousClock.now - start
        let json = try JSONText.parse(Data(command.output.utf8))
        var outcomes: [String: Outcome] = [:]
        var sentences: [String] = []
        for failure in json["failures"]?.array ?? [] {
            let path = try #require(failure["path"]?.string)
            let message = try #require(failure["message"]?.string)
            sentences.append(message)
            #expect(message.hasPrefix(path), "the sentence begins with the file: \(message)")
            #expect(message.utf8.count < 1000, "the sentence is short: \(message)")
            outcomes[path] = .failure(message)
        }
        for result in json[self == .run ? "samples" : "archives"]?.array ?? [] {
            outcomes[try #require(result["path"]?.string)] = .result(result)
        }
        let lines = command.errors.split(separator: "\n").map(String.init)
        #expect(
            lines.filter { !$0.hasSuffix(" archives done") } == sentences,
            "standard error is the sentences alone")
        #expect(Set(outcomes.keys) == Set(files), "every archive has an outcome")
        return Answer(status: command.status, outcomes: outcomes, duration: duration)
    }
}
