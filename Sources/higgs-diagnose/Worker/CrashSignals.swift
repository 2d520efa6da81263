import Foundation

/// Tells memory that ran out from any other crash.
///
/// Swift's runtime and libhdf5 do not say why they gave up, but the allocation that failed has left its mark in
/// `errno`.
enum CrashSignals {
    /// Makes a crash of this thread for want of memory an exit code of its own; other crashes stay signals.
    static func prepare() {
        // A stack that overflowed has no room for the handler. The memory is needed until the process ends.
        let size = 1 << 16
        var stack = stack_t(
            ss_sp: UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16), ss_flags: 0,
            ss_size: size)
        sigaltstack(&stack, nil)
        for fault in [SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP, SIGFPE] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { fault in
                if errno == ENOMEM { _exit(WorkerLimits.outOfMemory) }
                // Back to the default, which ends the process when the handler returns.
                signal(fault, SIG_DFL)
                raise(fault)
            }
            action.sa_flags = SA_ONSTACK
            sigaction(fault, &action, nil)
        }
    }
}
