internal import AlignmentFiles
internal import Foundation

extension ToleranceProfile {
    /// Reads a profile from a YAML file of at most 1 MiB.
    ///
    /// - Throws: an error whose text is one sentence that names the file.
    public init(file: String) throws {
        let byteCount: Int
        do { byteCount = try FileSystem.byteCount(ofReadable: file) } catch {
            throw ToleranceFileError(file: file, failure: error)
        }
        guard byteCount <= 1 << 20 else {
            throw ToleranceFileError(
                problem: "\(file) has \(byteCount) bytes, more than a tolerance profile can need")
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ToleranceFileError(problem: "\(file) is not UTF-8, expected a tolerance profile in YAML")
        }
        try self.init(yaml: text, file: file)
    }
}

private struct ToleranceFileError: Error, CustomStringConvertible {
    let problem: String
    var description: String { problem }

    init(problem: String) { self.problem = problem }

    init(file: String, failure: FileFailure) {
        problem =
            switch failure {
            case .missing: "\(file) does not exist; give the path of a tolerance profile"
            case .notAFile(let found): "\(file) is \(found), expected a tolerance profile in YAML"
            case .noFolder(let folder): "\(file) could not be read: there is no folder \(folder)"
            case .system(let message): "\(file) could not be read: \(message)"
            }
    }
}
