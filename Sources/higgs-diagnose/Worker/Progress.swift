import Foundation
import Synchronization

/// Says on a terminal how far a longer piece of work has come; silent for a second.
final class Progress: Sendable {
    private let total: Int
    private let noun: String
    private let done = Mutex(0)
    private let start = ContinuousClock.now

    init(total: Int, noun: String) {
        self.total = total
        self.noun = noun
    }

    /// One more is done.
    func advance() {
        let count = done.withLock { done in
            done += 1
            return done
        }
        if isatty(STDERR_FILENO) == 1, ContinuousClock.now - start > .seconds(1), count < total {
            Console.standard.note("\(count) of \(total) \(noun) done")
        }
    }
}
