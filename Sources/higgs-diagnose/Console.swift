import Foundation

/// The terminal, or what stands in for it.
struct Console: Sendable {
    /// Colour may be used: standard output is a terminal and NO_COLOR is not set.
    let isColoured: Bool

    /// The process's own standard output and error.
    static var standard: Console {
        let environment = ProcessInfo.processInfo.environment
        let asksForNone = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return Console(
            isColoured: isatty(STDOUT_FILENO) == 1 && !asksForNone && environment["TERM"] != "dumb")
    }

    /// Writes to standard output.
    func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// Writes JSON to standard output, alone.
    func write(json: Data) { FileHandle.standardOutput.write(json + Data("\n".utf8)) }

    /// Writes a message to standard error.
    func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
