internal import AlignmentFiles
internal import Foundation

/// Reads YAML files that people write.
public enum YAMLFile {
    /// The text of a file.
    ///
    /// - Parameters:
    ///   - purpose: what the file should be, for messages: "a tolerance profile".
    ///   - limit: the most bytes that such a file can need.
    /// - Throws: `YAMLFileError`, one sentence that names the file.
    public static func text(of file: String, purpose: String, limit: Int) throws -> String {
        let byteCount: Int
        do { byteCount = try FileSystem.byteCount(ofReadable: file) } catch {
            throw YAMLFileError(file: file, purpose: purpose, failure: error)
        }
        guard byteCount <= limit else {
            throw YAMLFileError("\(file) has \(byteCount) bytes, more than \(purpose) can need")
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        guard let text = String(validating: data, as: UTF8.self) else {
            throw YAMLFileError("\(file) is not UTF-8, expected \(purpose) in YAML")
        }
        return text
    }
}

/// Why a YAML file could not be read, in one sentence.
public struct YAMLFileError: Error, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }

    init(file: String, purpose: String, failure: FileFailure) {
        description =
            switch failure {
            case .missing: "\(file) does not exist; give the path of \(purpose)"
            case .notAFile(let found): "\(file) is \(found), expected \(purpose) in YAML"
            case .noFolder(let folder): "\(file) could not be read: there is no folder \(folder)"
            case .system(let message): "\(file) could not be read: \(message)"
            }
    }
}
