import AlignmentKit
import ArgumentParser
import Foundation

/// The process that opens an archive from outside: what it does with a malformed one harms nobody else.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Works on one archive; higgs-diagnose starts it itself.",
        shouldDisplay: false)

    @Argument(help: "The task, as JSON.")
    var task: String

    func run() throws {
        guard let task = try? JSONDecoder().decode(WorkerTask.self, from: Data(task.utf8)) else {
            throw ValidationError("worker takes a task as JSON; other commands start it.")
        }
        WorkerLimits.apply(for: task)
        CrashSignals.prepare()
        Lifeline.hold()
        switch task {
        case .run(let task): try reply { try task.run() }
        case .inspect(let task): try reply { try task.run() }
        case .verify(let file): try reply { try Verification(file: file) }
        case .decode(let task): try reply { try task.run() }
        case .compare(let task): try reply { try task.run() }
        case .export(let task): try reply { try task.run() }
        case .validate(let task): try reply { try task.run() }
        case .sampling(let task): try reply { try task.run() }
        case .explain(let task): try reply { try task.run() }
        case .profileDifference(let task): try reply { try task.run() }
        }
    }

    private func reply<Value: Codable & Sendable>(_ work: () throws -> Value) throws {
        var reply = WorkerReply<Value>()
        do { reply.value = try work() } catch { reply.failure = "\(error)" }
        Console.standard.write(json: try JSONText.encode(reply))
    }
}
