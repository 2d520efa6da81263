/// Why a file could not be read or written; whoever asked adds its name.
package enum FileFailure: Error, Sendable, Hashable {
    /// Nothing stands at the path.
    case missing
    /// Something else than a file stands at the path; the text says what.
    case notAFile(String)
    /// The folder that the file belongs into is not there.
    case noFolder(String)
    /// The operating system refused; its own words.
    case system(String)
}
