import AlignmentKit
import Foundation
import Subprocess

/// Has one archive worked on in a process of its own.
///
/// libhdf5 crashes on some malformed files. A worker that dies, hangs or answers nonsense is one sentence
/// about its file.
struct Worker: Sendable {
    /// Longest time for one archive, in seconds.
    var timeLimit = 300

    /// What a worker found out, or why it could not.
    func perform<Value: Codable & Sendable>(
        _ task: WorkerTask, on file: String, as type: Value.Type
    ) async -> Result<Value, InputFailure> {
        func failure(_ message: String) -> Result<Value, InputFailure> {
            .failure(InputFailure(path: file, message: message))
        }
        do {
            let request = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
            guard let output = try await withTimeLimit({ try await Self.output(for: request) }) else {
                return failure(
                    "\(file): reading it took more than \(timeLimit) seconds and was stopped; the file is "
                        + "damaged or too large, record it again.")
            }
            guard case .exited(0) = output.status else {
                return failure(
                    "\(file): this file crashed the HDF5 library (\(output.status)); it is damaged, record it again."
                )
            }
            let reply = try JSONText.decode(WorkerReply<Value>.self, from: Data(output.bytes))
            if let value = reply.value { return .success(value) }
            return failure(reply.failure ?? "\(file): the worker gave no answer.")
        } catch {
            return failure("\(file): the worker process failed: \(error).")
        }
    }

    private struct Output: Sendable {
        var status: TerminationStatus
        var bytes: [UInt8]
    }

    private static func output(for request: String) async throws -> Output {
        let result = try await run(
            .path(.init(executable)), arguments: ["worker"], environment: environment,
            input: .string(request),
            output: .bytes(limit: 1 << 28), error: .currentStandardError)
        return Output(status: result.terminationStatus, bytes: result.standardOutput)
    }

    /// A crash is one sentence here, not a backtrace; workers that run beside each other share the cores.
    private static let environment = Environment.inherit.updating([
        "SWIFT_BACKTRACE": "enable=no", "OPENBLAS_NUM_THREADS": "1",
    ])

    /// This program itself.
    private static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? CommandLine.arguments[0]
    }

    /// The work's result, or nil if it took too long; the process is then ended.
    private func withTimeLimit<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .seconds(timeLimit))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
