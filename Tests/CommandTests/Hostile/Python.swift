import TestSupport

extension Python {
    /// Runs a script with arguments; `h5py`, `hashlib`, `sys` and `numpy as np` are imported.
    static func run(_ script: String, _ arguments: String...) throws {
        let imports = "import hashlib, sys\nimport h5py\nimport numpy as np\n"
        _ = try run(arguments: ["-c", imports + script] + arguments)
    }
}
