internal import AlignmentFiles
import AlignmentJSON

/// A text that becomes a part of an archive: a file, or a value of the manifest.
enum TextSource: Sendable {
    case file(String)
    case inline(JSONValue, manifest: String)

    /// The file that holds it, by the path as given.
    var file: String {
        switch self {
        case .file(let file): file
        case .inline(_, let manifest): manifest
        }
    }

    /// Reads the text of a file.
    static func text(of file: String, limit: Int) throws(ExchangeError) -> String {
        let bytes: [UInt8]
        do throws(FileFailure) {
            let input = try InputFile(file)
            guard input.byteCount <= limit else {
                throw .system("it has \(input.byteCount) bytes, more than the limit of \(limit)")
            }
            guard let found = try input.bytes(at: 0, count: input.byteCount) else {
                throw .system("it has become shorter while it was read")
            }
            bytes = found
        } catch { throw ExchangeError(file: file, error, operation: "read") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ExchangeError(file: file, problem: "is not UTF-8", remedy: "write the text in UTF-8")
        }
        guard !bytes.contains(0) else {
            throw ExchangeError(file: file, problem: "holds a NUL byte", remedy: "write the text without it")
        }
        return text
    }

    /// The document; nil if it is no JSON.
    func json() throws -> JSONValue? {
        switch self {
        case .inline(let value, _): value
        case .file(let file): try? StrictJSON.parse(Array(Self.text(of: file, limit: .max).utf8))
        }
    }
}
