import AlignmentKit
import ArgumentParser

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Lists what archives hold: every tensor with its shape, type and size.",
        discussion: "Example: higgs-diagnose inspect golden/voice-clone.h5")

    @Argument(help: "Archives.", completion: .file(extensions: ["h5"]))
    var archives: [String]

    @OptionGroup var options: FormatOptions

    func run() async throws {
        try await report(on: archives, as: options.format, Inspection.self) {
            .inspect(file: $0)
        } passes: { _ in
            true
        }
    }
}

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks the structure, every hash and the limits of archives.",
        discussion: "Example: higgs-diagnose verify golden/*.h5")

    @Argument(help: "Archives.", completion: .file(extensions: ["h5"]))
    var archives: [String]

    @OptionGroup var options: FormatOptions

    func run() async throws {
        try await report(on: archives, as: options.format, Verification.self) {
            .verify(file: $0)
        } passes: {
            $0.isSound
        }
    }
}

/// What a command says of several archives.
private struct ArchiveResults<Value: Codable & Sendable & Printable>: Encodable, Sendable {
    var schemaVersion = 1
    var archives: [Value]
    var failures: [InputFailure]
}

/// Has every archive looked at by a worker and prints what came of it; exit code 2 if one could not be read
/// or does not pass.
private func report<Value: Codable & Sendable & Printable>(
    on archives: [String], as format: OutputFormat, _ type: Value.Type,
    task: (String) -> WorkerTask, passes: (Value) -> Bool
) async throws {
    let console = Console.standard
    var results = ArchiveResults<Value>(archives: [], failures: [])
    let progress = Progress(total: archives.count, noun: "archives")
    for archive in archives {
        switch await Worker().perform(task(archive), on: archive, as: type) as Result<Value, InputFailure> {
        case .success(let value): results.archives.append(value)
        case .failure(let failure): results.failures.append(failure)
        }
        progress.advance()
    }
    switch format {
    case .json: console.write(json: try JSONText.encode(results))
    case .text: for value in results.archives { try value.print(as: .text) }
    }
    for failure in results.failures { console.note(failure.message) }
    if !results.failures.isEmpty || !results.archives.allSatisfy(passes) { throw ExitCode(2) }
}
