package import Foundation

/// A folder of its own for one test, removed when the test is over.
package final class Scratch: Sendable {
    /// The folder.
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "higgs-diagnose-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { remove() }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a name in the folder.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// A file in the folder, written.
    package func file(_ name: String, _ bytes: Data) throws -> String {
        try bytes.write(to: URL(filePath: file(name)))
        return file(name)
    }

    /// Every name in the folder, hidden ones too.
    package var contents: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
    }
}
