import Foundation
import Subprocess
import Testing

/// The Python that writes archives for the tests: `HIGGS_PYTHON`, else `python3`; it must have h5py and numpy.
enum Python {
    /// Runs a script with arguments; `h5py`, `hashlib`, `sys` and `numpy as np` are imported.
    static func run(_ script: String, _ arguments: String...) async throws {
        let interpreter = ProcessInfo.processInfo.environment["HIGGS_PYTHON"] ?? "python3"
        let executable: Executable =
            interpreter.contains("/") ? .path(.init(interpreter)) : .name(interpreter)
        let result = try await Subprocess.run(
            executable,
            arguments: Arguments(
                ["-c", "import hashlib, sys\nimport h5py\nimport numpy as np\n" + script] + arguments),
            output: .discarded, error: .string(limit: 1 << 16))
        try #require(
            result.terminationStatus == .exited(0),
            "\(interpreter) needs h5py; run the tests with script/test: \(result.standardError)")
    }
}
