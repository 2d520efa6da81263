import CCommit

/// The version that `--version` and reports name.
enum Version {
    static let current = "0.1.0"

    /// The version and the commit that it was built of, as far as that is known: `0.1.0 (5f3c1a2)`.
    static var words: String {
        let commit = String(cString: higgs_commit())
        return commit.isEmpty ? current : "\(current) (\(commit))"
    }

    /// The same with the program's name.
    static var tool: String { "higgs-diagnose \(words)" }
}
