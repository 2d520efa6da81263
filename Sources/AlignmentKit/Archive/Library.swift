internal import CHDF5

/// The one lock around libhdf5, which is not to be entered by two threads at once.
enum Library {
    private static let lock = RecursiveLock()

    /// Runs `body` with the library to itself, its plug-ins off and its printing of errors off.
    ///
    /// The lock is re-entrant: a handle that closes inside `body` takes it again.
    static func locked<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        _ = isPrepared
        // A thread-safe build keeps the setting per thread, and we do not know which thread we are on.
        chdf5_silence_errors()
        return try body()
    }

    /// Filters from elsewhere are refused, so none is ever loaded from a plug-in folder.
    private static let isPrepared: Bool = {
        // Everything is closed by its handle; the library's own closing at exit crashes on a file that could
        // not be closed because the disk is full.
        H5dont_atexit()
        H5open()
        return H5PLset_loading_state(0) >= 0
    }()
}
