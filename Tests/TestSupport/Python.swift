package import Foundation

/// The Python that the tests compare with: `HIGGS_PYTHON`, else `python3`; `script/upstream-env` makes one with all
/// that they need.
package enum Python {
    /// A script that failed, with what it printed.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// Runs the interpreter with these arguments and gives what it printed.
    package static func run(arguments: [String]) throws -> Data {
        let process = Process()
        let interpreter = ProcessInfo.processInfo.environment["HIGGS_PYTHON"] ?? "python3"
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [interpreter] + arguments
        let errors = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID().uuidString)")
        try Data().write(to: errors)
        defer { try? FileManager.default.removeItem(at: errors) }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let why = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
            throw Failure(
                description:
                    "\(interpreter) failed; set HIGGS_PYTHON to what script/upstream-env prints:\n\(why)")
        }
        return printed
    }

    /// Runs a script with arguments and gives what it printed.
    @discardableResult
    package static func run(script: String, _ arguments: String...) throws -> String {
        String(decoding: try run(arguments: ["-c", script] + arguments), as: UTF8.self)
    }
}
