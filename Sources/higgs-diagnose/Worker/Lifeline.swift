import Foundation

/// What ends a worker that nobody waits for any more.
enum Lifeline {
    /// Ends this process as soon as the process that started it is gone, however that ended: the other end of
    /// standard input is then closed.
    static func hold() {
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { _exit(1) }
            }
        }
    }
}
