/// Why a log could not be read.
public struct LogError: Error, Sendable, Hashable {
    /// The file, by the path as it was given; `-` is standard input.
    public let file: String
    /// What went wrong.
    public let reason: Reason

    /// What can go wrong.
    public enum Reason: Sendable, Hashable {
        /// No file has that name.
        case fileNotFound
        /// A folder or a device has that name; the text says which.
        case notAFile(String)
        /// There are no bytes.
        case empty
        /// The bytes are no text.
        case binary
        /// The text is UTF-16, as some shells on Windows write it.
        case utf16
        /// The operating system refused; its own words.
        case system(String)
    }

    /// An error about a log.
    public init(file: String, _ reason: Reason) {
        self.file = file
        self.reason = reason
    }
}

extension LogError: CustomStringConvertible {
    /// One sentence that names the file, what was found and what to do.
    public var description: String {
        let name = file == "-" ? "standard input" : file
        return switch reason {
        case .fileNotFound: "\(name) does not exist; check the path"
        case .notAFile(let found): "\(name) is \(found), not a file; give the path of a log"
        case .empty: "\(name) is empty; the pipeline printed nothing, or its output went elsewhere"
        case .binary: "\(name) is not text; give the path of a log, unpacked if it is packed"
        case .utf16: "\(name) is UTF-16; write it again as UTF-8"
        case .system(let message): "\(name) could not be read: \(message)"
        }
    }
}
