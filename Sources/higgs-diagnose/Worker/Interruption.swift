import Foundation
import Synchronization

/// What is cleared away when this process is interrupted: workers and unfinished folders.
enum Interruption {
    private struct Unfinished {
        var processes: Set<pid_t> = []
        var folders: Set<String> = []
    }

    private static let unfinished = Mutex(Unfinished())

    static func begin(process: pid_t) { unfinished.withLock { _ = $0.processes.insert(process) } }
    static func end(process: pid_t) { unfinished.withLock { _ = $0.processes.remove(process) } }
    static func begin(folder: String) { unfinished.withLock { _ = $0.folders.insert(folder) } }
    static func end(folder: String) { unfinished.withLock { _ = $0.folders.remove(folder) } }

    /// From now on an interruption clears away first; it still ends the process as the signal does.
    static func prepare() { _ = isPrepared }

    private static let isPrepared: Bool = {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return false }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        interruptionPipe = ends[1]
        let reading = ends[0]
        Thread.detachNewThread {
            var signal: Int32 = 0
            while read(reading, &signal, MemoryLayout<Int32>.size) != MemoryLayout<Int32>.size {}
            clearAwayAndEnd(by: signal)
        }
        for interruption in [SIGINT, SIGTERM, SIGHUP] {
            var former = sigaction()
            sigaction(interruption, nil, &former)
            // As under nohup: what was ignored stays ignored.
            if former.isIgnored { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { signal in
                var signal = signal
                _ = write(interruptionPipe, &signal, MemoryLayout<Int32>.size)
            }
            action.sa_flags = SA_RESTART
            sigaction(interruption, &action, nil)
        }
        return true
    }()

    /// The processes that the system says this one has started, all of them workers: one that was only just
    /// started has not been noted yet. Empty where the system does not say.
    private static var children: Set<pid_t> {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        let lists = threads.map {
            try? String(contentsOfFile: "/proc/self/task/\($0)/children", encoding: .utf8)
        }
        return Set(lists.compactMap { $0 }.flatMap { $0.split(separator: " ") }.compactMap { pid_t($0) })
    }

    private static func clearAwayAndEnd(by signal: Int32) -> Never {
        // The lock is kept to the end: nothing new is begun.
        unfinished.withLock { unfinished in
            for process in unfinished.processes.union(children) { kill(process, SIGKILL) }
            for folder in unfinished.folders {
                // A worker that is just dying may still write into it.
                for _ in 0..<50 where FileManager.default.fileExists(atPath: folder) {
                    try? FileManager.default.removeItem(atPath: folder)
                    usleep(2000)
                }
            }
            Glibc.signal(signal, SIG_DFL)
            // To the process, as this thread has its signals blocked.
            kill(getpid(), signal)
            while true { sleep(1) }
        }
    }
}

/// Where the handler writes; set once, before the handler is.
private nonisolated(unsafe) var interruptionPipe: Int32 = -1

extension sigaction {
    /// The signal does nothing.
    fileprivate var isIgnored: Bool {
        unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
