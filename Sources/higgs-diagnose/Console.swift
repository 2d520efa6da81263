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
    func write(_ text: String) { write(Data(text.utf8)) }

    /// Writes JSON to standard output, alone.
    func write(json: Data) { write(json + Data("\n".utf8)) }

    /// Ends the program where the output cannot be written: there is nobody left to tell the result.
    private func write(_ data: Data) {
        do { try FileHandle.standardOutput.write(contentsOf: data) } catch {
            note("Standard output could not be written: \(String(cString: strerror(errno))).")
            exit(2)
        }
    }

    /// Writes a message to standard error.
    func note(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }
}
