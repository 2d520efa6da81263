import AlignmentKit
import ArgumentParser

/// What a command says of several archives.
struct ArchiveResults<Value: Codable & Sendable & Printable>: Encodable, Sendable {
    var schemaVersion = 1
    var archives: [Value]
    var failures: [InputFailure]

    /// Has every archive looked at by a worker and prints what came of it; exit code 2 if one could not be read
    /// or does not pass.
    static func report(
        on archives: [String], as format: OutputFormat, task: (String) -> WorkerTask,
        problems: (Value) -> [String] = { _ in [] }, passes: (Value) -> Bool
    ) async throws {
        let console = Console.standard
        var results = ArchiveResults(archives: [], failures: [])
        let progress = Progress(total: archives.count, noun: "archives")
        for archive in archives {
            switch await Worker().perform(task(archive), on: archive, as: Value.self) {
            case .success(let value): results.archives.append(value)
            case .failure(let failure): results.failures.append(failure)
            }
            progress.advance()
        }
        switch format {
        case .json: console.write(json: try JSONText.encode(results))
        case .text:
            for (index, value) in results.archives.enumerated() {
                if index > 0 { console.write("\n") }
                try value.print(as: .text)
            }
        }
        for problem in results.archives.flatMap(problems) { console.note(problem) }
        for failure in results.failures { console.note(failure.message) }
        if !results.failures.isEmpty || !results.archives.allSatisfy(passes) { throw ExitCode(2) }
    }
}
