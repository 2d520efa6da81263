import AlignmentKit
import Foundation

/// A folder of its own for one test, removed when the test is over.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "parity-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func file(_ name: String) -> String { "\(folder)/\(name)" }

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

/// The Python of HIGGS_PYTHON, which has numpy, h5py and torch.
enum Python {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Runs a script with arguments and gives what it printed.
    static func run(_ arguments: String...) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [ProcessInfo.processInfo.environment["HIGGS_PYTHON"] ?? "python3"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(arguments[0]) failed; its traceback stands above.")
        }
        return data
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
