internal import AlignmentYAML
internal import FoundationEssentials

extension ProfileDescription {
    /// Whether a text where a profile is asked for is the path of a file, not a built-in name.
    public static func isPath(_ text: String) -> Bool {
        text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml")
    }

    /// Reads a profile from a YAML file of at most 64 KiB.
    ///
    /// - Throws: an error whose text is one sentence that names the file.
    public init(file: String) throws {
        let text = try YAMLFile.text(of: file, purpose: "a profile", limit: 1 << 16)
        try self.init(yaml: text, file: file)
        // It travels to a worker process as an argument, of which Linux takes 128 KiB.
        let byteCount = try JSONEncoder().encode(self).count
        guard byteCount <= 1 << 15 else { throw OversizedProfile(file: file, byteCount: byteCount) }
    }
}

private struct OversizedProfile: Error, CustomStringConvertible {
    let file: String
    let byteCount: Int
    var description: String {
        "\(file) holds a profile of \(byteCount) bytes with its aliases resolved; shorten it to \(1 << 15)"
    }
}
