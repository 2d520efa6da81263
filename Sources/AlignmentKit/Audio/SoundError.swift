internal import AlignmentFiles

/// Why a sound file could not be read or written.
public struct SoundError: Error, Sendable, Hashable {
    /// The file, by the path as it was given.
    public let file: String
    /// What went wrong.
    public let reason: Reason

    /// What can go wrong.
    public enum Reason: Sendable, Hashable {
        /// No file has that name.
        case fileNotFound
        /// A folder, a device or a pipe has that name; the text says which.
        case notAFile(String)
        /// The file holds no bytes.
        case emptyFile
        /// libsndfile does not know the file's format, or finds it damaged; its own words.
        case unreadable(String)
        /// More samples than the caller allows.
        case tooLong(found: Int, allowed: Int)
        /// A sample rate that no sound file can have.
        case invalidSampleRate(Int)
        /// The operating system or libsndfile refused; its own words.
        case system(operation: String, message: String)
    }

    /// An error about a file.
    public init(file: String, _ reason: Reason) {
        self.file = file
        self.reason = reason
    }

    init(file: String, _ failure: FileFailure, operation: String) {
        let reason: Reason =
            switch failure {
            case .missing: .fileNotFound
            case .notAFile(let found): .notAFile(found)
            case .noFolder(let folder):
                .system(operation: operation, message: "there is no folder \(folder)")
            case .system(let message): .system(operation: operation, message: message)
            }
        self.init(file: file, reason)
    }
}

extension SoundError: CustomStringConvertible {
    /// One sentence that names the file, what was found and what to do.
    public var description: String {
        switch reason {
        case .fileNotFound: "\(file) does not exist; check the path"
        case .notAFile(let found): "\(file) is \(found), not a file; give the path of a sound file"
        case .emptyFile: "\(file) is empty; the program that wrote it was stopped too early, write it again"
        case .unreadable(let why): "\(file) is not a sound file that can be read: \(why)"
        case .tooLong(let found, let allowed):
            "\(file) has \(found) samples, more than the limit of \(allowed); cut it into shorter files"
        case .invalidSampleRate(let rate):
            "\(file) cannot have a sample rate of \(rate) Hz; give one of 1 to 655350"
        case .system(let operation, let message): "\(file) could not be \(operation): \(message)"
        }
    }
}
