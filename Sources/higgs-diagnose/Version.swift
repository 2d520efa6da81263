/// The version that `--version` and reports name.
enum Version {
    static let current = "0.1.0"
}
