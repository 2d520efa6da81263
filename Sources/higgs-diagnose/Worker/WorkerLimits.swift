import Foundation

/// What the worker process may take: libhdf5 inflates a hostile chunk, and reads some damaged files, without
/// bound.
enum WorkerLimits {
    /// Address space in bytes.
    private static let memory: rlim_t = 16 << 30
    /// Processor time in seconds, over all threads.
    private static let time: rlim_t = 600

    /// Sets the limits for this process. One that the system has set lower stays.
    static func apply() {
        lower(__rlimit_resource_t(RLIMIT_AS.rawValue), to: memory)
        lower(__rlimit_resource_t(RLIMIT_CPU.rawValue), to: time)
        lower(__rlimit_resource_t(RLIMIT_CORE.rawValue), to: 0)
    }

    private static func lower(_ resource: __rlimit_resource_t, to value: rlim_t) {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, value)
        setrlimit(resource, &limit)
    }
}
