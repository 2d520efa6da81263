internal import AlignmentYAML

extension ToleranceProfile {
    /// Reads a profile from a YAML file of at most 1 MiB.
    ///
    /// - Throws: an error whose text is one sentence that names the file.
    public init(file: String) throws {
        let text = try YAMLFile.text(of: file, purpose: "a tolerance profile", limit: 1 << 20)
        try self.init(yaml: text, file: file)
    }
}
