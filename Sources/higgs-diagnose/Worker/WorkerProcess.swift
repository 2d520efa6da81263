import AlignmentKit
import Foundation
import Subprocess
import Synchronization

/// One worker process from its start to its end.
struct WorkerProcess: Sendable {
    let executable: String
    let times: TimeLimits
    /// The most bytes of an answer.
    let answerBytes: Int

    /// Starts the process, follows what it says of its progress, and ends it when its time is over.
    func run(_ task: WorkerTask) async throws -> WorkerEnding {
        let request = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
        let deadline = Deadline(.reading(task.files), times: times)
        return try await withThrowingTaskGroup(of: WorkerEnding.self) { group in
            group.addTask { try await follow(request, deadline) }
            group.addTask { .outOfTime(try await deadline.passing()) }
            defer { group.cancelAll() }
            return try await group.next() ?? .exited(0)
        }
    }

    /// Its standard input carries nothing: it stays open as long as this process lives. What it prints on
    /// standard error are the last words of runtimes and libraries, which its ending says better.
    private func follow(_ request: String, _ deadline: Deadline) async throws -> WorkerEnding {
        do {
            return try await result(of: request, deadline)
        } catch is TooLong { return .tooLong(allowed: answerBytes) }
    }

    private func result(of request: String, _ deadline: Deadline) async throws -> WorkerEnding {
        let result = try await Subprocess.run(
            .path(.init(executable)), arguments: ["worker", request], environment: Self.environment,
            input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            let process = execution.processIdentifier.value
            Interruption.begin(process: process)
            defer { Interruption.end(process: process) }
            var answer = WorkerAnswer()
            for try await part in execution.standardOutput {
                part.withUnsafeBytes { answer.append($0) }
                while let notice = answer.takeNotice() { deadline.move(to: notice.stage) }
                if answer.bytes.count > answerBytes { throw TooLong() }
            }
            return answer.bytes
        }
        return switch result.terminationStatus {
        case .exited(0): .answered(result.closureResult)
        case .exited(WorkerLimits.outOfMemory): .outOfMemory(deadline.stage)
        case .exited(let code): .exited(code)
        case .signaled(let signal): .signaled(signal, deadline.stage)
        }
    }

    private struct TooLong: Error {}

    /// A crash is one sentence here, not a backtrace; workers that run beside each other share the cores. OpenBLAS reads
    /// its choice of kernels only when a process starts.
    private static let environment = Environment.inherit.updating([
        "SWIFT_BACKTRACE": "enable=no", "OPENBLAS_NUM_THREADS": "1",
        "OPENBLAS_CORETYPE": ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"]
            ?? ProductKernels.betterCore,
    ])
}

/// What a worker has printed so far: notices, one a line, then its reply.
private struct WorkerAnswer {
    var bytes = Data()
    private var mayHoldNotice = true

    mutating func append(_ part: UnsafeRawBufferPointer) { bytes.append(contentsOf: part) }

    /// The notice at the start, which is then gone; nil if the first line is none or not complete.
    mutating func takeNotice() -> WorkerNotice? {
        guard mayHoldNotice, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        guard let notice = try? JSONDecoder().decode(WorkerNotice.self, from: bytes[..<end]) else {
            mayHoldNotice = false
            return nil
        }
        bytes = Data(bytes[(end + 1)...])
        return notice
    }
}

/// When the time for what a worker is doing is over; moves on with the worker.
private final class Deadline: Sendable {
    private let times: TimeLimits
    private let state: Mutex<(stage: WorkerStage, end: ContinuousClock.Instant)>

    init(_ stage: WorkerStage, times: TimeLimits) {
        self.times = times
        state = Mutex((stage, .now + times.limit(for: stage)))
    }

    var stage: WorkerStage { state.withLock { $0.stage } }

    func move(to stage: WorkerStage) {
        state.withLock { $0 = (stage, .now + times.limit(for: stage)) }
    }

    /// Returns when the time is over, with what was being done.
    func passing() async throws -> WorkerStage {
        while true {
            let (stage, end) = state.withLock { ($0.stage, $0.end) }
            if end <= .now { return stage }
            try await Task.sleep(until: end, clock: .continuous)
        }
    }
}
