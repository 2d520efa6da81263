import AlignmentKit
import Foundation
import TestSupport

extension Scratch {
    /// Writes an archive of tensors and documents and opens it.
    func archive(
        _ name: String, _ tensors: [(path: String, tensor: StoredTensor)],
        documents: [(path: String, document: JSONValue)] = [], labels: [String: TensorLabels] = [:]
    ) throws -> ArchiveReader {
        let header = ArchiveHeader(id: "0", createdAt: "2025-01-02T03:04:05Z", createdBy: "tests 1")
        let writer = try ArchiveWriter(file: file(name), header: header)
        for (path, stored) in tensors {
            switch stored {
            case .tensor(let tensor):
                try writer.write(tensor, at: path, labels: labels[path] ?? TensorLabels())
            case .pythonNone: try writer.writeNone(at: path)
            }
        }
        for (path, document) in documents { try writer.write(document, at: path) }
        try writer.finish()
        return try ArchiveReader(file: file(name))
    }
}

/// Harm done to a file's bytes.
enum Damage {
    /// Changes the sign in the first place where this float stands.
    static func negate(firstFloat value: Float, in file: String) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let wanted = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        let place = bytes.indices.dropLast(3).first { Array(bytes[$0..<$0 + 4]) == wanted }
        guard let place else { throw Python.Failure(description: "\(value) is not in \(file)") }
        bytes[place + 3] ^= 0x80
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }
}
