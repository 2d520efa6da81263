import AlignmentKit
import Foundation
import Testing

/// A command that reads archives, asked about several at once.
enum ReadingCommand: String, CaseIterable, Sendable {
    case verify, inspect, run, validate, compare

    /// What became of one archive: a sentence on why it could not be read, or the result as JSON.
    enum Outcome: Sendable {
        case failure(String)
        case result(JSONValue)
    }

    /// Exit code, and what became of each archive, by its path.
    struct Answer: Sendable {
        var status: Int32
        var outcomes: [String: Outcome]
    }

    /// Runs the command, and expects one sentence on standard error for each failure and nothing else.
    ///
    /// - Parameter reference: what `compare` compares with.
    func answer(
        about files: [String], reference: String = "golden/plain.h5", environment: [String: String] = [:]
    ) async throws -> Answer {
        let archives = self == .compare ? ["--many"] + files + [reference] : files
        let command = try await Command.run(
            [rawValue, "--format", "json"] + archives, environment: environment)
        let json = try JSONText.parse(Data(command.output.utf8))
        var outcomes: [String: Outcome] = [:]
        var sentences: [String] = []
        for failure in json["failures"]?.array ?? [] {
            var path = try #require(failure["path"]?.string)
            if self == .compare { path = String(path.dropLast(" against \(reference)".count)) }
            let message = try #require(failure["message"]?.string)
            sentences.append(message)
            #expect(message.hasPrefix(path), "the sentence begins with the file: \(message)")
            #expect(message.utf8.count < 1000, "the sentence is short: \(message)")
            outcomes[path] = .failure(message)
        }
        // `inspect` says of each object that it cannot read why, and shows the others.
        var problems: [String] = []
        for result in json[resultsKey]?.array ?? [] {
            if self == .inspect { problems += (result["problems"]?.array ?? []).compactMap(\.string) }
            outcomes[try #require(result[self == .compare ? "left" : "path"]?.string)] = .result(result)
        }
        let lines = command.errors.split(separator: "\n").map(String.init)
        #expect(lines == problems + sentences, "standard error is the sentences alone")
        for sentence in sentences where sentence.contains(" took more than ") {
            #expect(Self.seconds(in: sentence) <= 30, "no file takes longer: \(sentence)")
        }
        #expect(Set(outcomes.keys) == Set(files), "every archive has an outcome")
        return Answer(status: command.status, outcomes: outcomes)
    }

    /// The limit that a sentence about time names.
    private static func seconds(in sentence: String) -> Double {
        let number = sentence.components(separatedBy: " took more than ").last?.prefix { $0 != " " }
        return number.flatMap { Double($0) } ?? .infinity
    }

    /// Where the JSON holds what became of the archives that could be read.
    private var resultsKey: String {
        switch self {
        case .verify, .inspect: "archives"
        case .run, .validate: "samples"
        case .compare: "comparisons"
        }
    }
}
