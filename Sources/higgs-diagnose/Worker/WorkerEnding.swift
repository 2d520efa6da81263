import Foundation

/// How a worker's work on a file ended.
enum WorkerEnding: Sendable {
    /// It ended as it should; what it said.
    case answered(Data)
    /// It ended with another exit code and said nothing.
    case exited(Int32)
    /// A signal ended it.
    case signaled(Int32, WorkerStage)
    /// It asked for more memory than it may have.
    case outOfMemory(WorkerStage)
    /// It took too long and was ended.
    case outOfTime(WorkerStage)
    /// It said more than anybody wants to read and was ended.
    case tooLong(allowed: Int)

    /// What happened and what to do, for all but an answer.
    func sentence(about file: String, times: TimeLimits) -> String {
        switch self {
        case .answered: Self.brokenAnswer(about: file)
        case .exited(let code):
            "\(file): the worker process ended with exit code \(code) and no answer; if it does so again, "
                + "report it with this file."
        case .signaled(SIGXCPU, let stage): Self.outOfTime(stage, file, "its share of processor time")
        case .signaled(SIGKILL, _):
            "\(file): the worker process was killed by the system, usually because memory ran out; close other "
                + "programs and try again."
        case .signaled(let signal, _) where [SIGTERM, SIGINT, SIGHUP, SIGQUIT].contains(signal):
            "\(file): the worker process was stopped from outside (\(Self.name(signal))); run it again."
        case .signaled(let signal, .reading):
            "\(file): reading this file crashed the worker process (\(Self.name(signal))); the file is damaged, "
                + "copy or record it again."
        case .signaled(let signal, .computing):
            "\(file): the stages of this file crashed the worker process (\(Self.name(signal))); report it with "
                + "the file."
        case .outOfMemory(let stage):
            "\(file): \(stage.gerund(file)) takes more memory than the \(WorkerLimits.memoryInGiB(for: stage.files)) "
                + "GiB that a worker process may have and was stopped; a damaged file asks for anything, for a "
                + "sound one set \(WorkerLimits.memoryVariable) to more GiB."
        case .outOfTime(let stage): Self.outOfTime(stage, file, Self.text(times.limit(for: stage)))
        case .tooLong(let allowed):
            "\(file): the answer about this file is longer than \(allowed >> 20) MiB and was cut "
                + "off; it holds more objects than a recording has, record it again."
        }
    }

    /// For an answer that is none.
    static func brokenAnswer(about file: String) -> String {
        "\(file): the worker process broke off in the middle of its answer; run it again, and if it does so again, "
            + "report it with this file."
    }

    private static func outOfTime(_ stage: WorkerStage, _ file: String, _ time: String) -> String {
        "\(file): \(stage.gerund(file)) took more than \(time) and was stopped; the file is damaged or the machine "
            + "is slow, \(TimeLimits.variable)=4 waits four times as long."
    }

    private static func text(_ time: Duration) -> String {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
        return "\(String(format: seconds < 10 ? "%.1f" : "%.0f", seconds)) seconds"
    }

    private static func name(_ signal: Int32) -> String {
        "signal \(signal), \(String(cString: strsignal(signal)).lowercased())"
    }
}
