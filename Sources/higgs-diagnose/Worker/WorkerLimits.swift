import Foundation

/// What the worker process may take: libhdf5 inflates a hostile chunk, and reads some damaged files, without
/// bound.
enum WorkerLimits {
    /// The exit code of a worker that asked for more memory than it may have.
    static let outOfMemory: Int32 = 90
    /// The environment variable that sets the memory, in GiB.
    static let memoryVariable = "HIGGS_MEMORY_LIMIT"
    /// Completes "not read: ".
    static let environmentProblem = "\(memoryVariable) must be a whole number of GiB from 1 to 4096"

    /// Processor time in seconds, over all threads; for a worker that nobody waits for any more.
    private static let processorTime: rlim_t = 1200
    /// Files open at a time: an archive, another, the codec's, and what the runtime needs.
    private static let openFiles: rlim_t = 64

    /// Sets the limits for this process. One that the system has set lower stays.
    static func apply(for task: WorkerTask) {
        // Where the machine runs out of memory, this process goes first.
        try? Data("1000".utf8).write(to: URL(fileURLWithPath: "/proc/self/oom_score_adj"))
        lower(__rlimit_resource_t(RLIMIT_AS.rawValue), to: rlim_t(memoryInGiB(for: task.files)) << 30)
        lower(__rlimit_resource_t(RLIMIT_CPU.rawValue), to: processorTime)
        lower(__rlimit_resource_t(RLIMIT_CORE.rawValue), to: 0)
        lower(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), to: openFiles)
        lower(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), to: rlim_t(task.writtenBytes))
        // A write beyond the limit is an error, not a signal.
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Address space: 8 GiB, and for large files four times what the disk holds of them, but not more than three
    /// quarters of the machine's memory; or what the environment says.
    static func memoryInGiB(for files: [String]) -> Int {
        if let said = memoryOfEnvironment { return said }
        let onDisk = files.reduce(0) { $0 + FileExtent.bytesOnDisk(of: $1) }
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory >> 30) * 3 / 4
        return max(2, min(8 + onDisk >> 28, machine))
    }

    /// The environment says nothing about memory, or a number that can be.
    static var isEnvironmentSound: Bool {
        ProcessInfo.processInfo.environment[memoryVariable] == nil || memoryOfEnvironment != nil
    }

    private static var memoryOfEnvironment: Int? {
        let said = ProcessInfo.processInfo.environment[memoryVariable].flatMap { Int($0) }
        return said.flatMap { (1...4096).contains($0) ? $0 : nil }
    }

    private static func lower(_ resource: __rlimit_resource_t, to value: rlim_t) {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, value)
        setrlimit(resource, &limit)
    }
}
