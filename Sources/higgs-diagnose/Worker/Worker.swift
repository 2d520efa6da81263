import AlignmentKit
import Foundation

/// Has one archive worked on in a process of its own.
///
/// libhdf5 crashes on some malformed files. A worker that dies, hangs or answers nonsense is one sentence
/// about its file.
struct Worker: Sendable {
    /// The program that is started with the arguments `worker` and the task: this one, unless a test has another.
    var executable = Worker.thisProgram
    /// How long it may take; nil if the environment asks for what is no number.
    var times = TimeLimits(environment: ProcessInfo.processInfo.environment)
    /// The most bytes of an answer: some hundred for each object of an archive.
    var answerBytes = 1 << 28

    /// What a worker found out, or why it could not.
    func perform<Value: Codable & Sendable>(
        _ task: WorkerTask, on file: String, as type: Value.Type
    ) async -> Result<Value, InputFailure> {
        func failure(_ message: String) -> Result<Value, InputFailure> {
            .failure(InputFailure(path: file, message: SafeText.oneLine(message)))
        }
        guard let times else { return failure("\(file): not read: \(TimeLimits.environmentProblem).") }
        guard WorkerLimits.isEnvironmentSound else {
            return failure("\(file): not read: \(WorkerLimits.environmentProblem).")
        }
        Interruption.prepare()
        let ending: WorkerEnding
        do {
            ending = try await WorkerProcess(executable: executable, times: times, answerBytes: answerBytes)
                .run(task)
        } catch { return failure("\(file): no worker process could be started: \(error).") }
        guard case .answered(let bytes) = ending else {
            return failure(ending.sentence(about: file, times: times))
        }
        guard let reply = try? JSONText.decode(WorkerReply<Value>.self, from: bytes) else {
            return failure(WorkerEnding.brokenAnswer(about: file))
        }
        if let value = reply.value { return .success(value) }
        return failure(reply.failure ?? WorkerEnding.brokenAnswer(about: file))
    }

    /// This program itself.
    private static var thisProgram: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }
}
