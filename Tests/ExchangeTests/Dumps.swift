import AlignmentKit
import Foundation

/// A folder of dumps for one test, removed afterwards.
final class Dumps: Sendable {
    let root: String
    let folder: String

    /// An empty folder with the shortest manifest there is.
    init() throws {
        root = NSTemporaryDirectory() + "exchange-\(UUID().uuidString)"
        folder = root + "/dumps"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try manifest("")
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var archive: String { root + "/run.h5" }
    /// What stands beside the folder of dumps.
    var beside: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).filter { $0 != "dumps" }.sorted()
    }

    /// Writes the manifest: the keys that all need, and more.
    func manifest(_ keys: String) throws {
        let more = keys.isEmpty ? "" : ", " + keys
        try write(
            "manifest.json",
            #"{"format": "higgs-alignment-import", "format_version": 1, "provenance": null, "model": null, "#
                + #""tokens": null\#(more)}"#)
    }

    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = URL(filePath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// Imports into `archive`.
    @discardableResult
    func imported() throws -> ImportReport {
        try ImportPlan(folder: folder).write(to: archive, createdBy: "test 1")
    }

    /// The sentence with which an import fails; nil if it does not.
    func failure() -> String? {
        do {
            try imported()
            return nil
        } catch { return "\(error)" }
    }
}

/// Files byte by byte, right and wrong.
enum Bytes {
    static func npy(_ header: String, _ data: Int, version: [UInt8] = [1, 0]) -> [UInt8] {
        let text = Array(header.utf8) + [0x0A]
        let length = version[0] == 1 ? 2 : 4
        return [0x93] + Array("NUMPY".utf8) + version
            + (0..<length).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
            + [UInt8](repeating: 0, count: data)
    }

    static func npy(_ descr: String, _ shape: String, _ data: Int, fortran: Bool = false) -> [UInt8] {
        npy(
            "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }", data
        )
    }

    static func safetensors(_ header: String, _ data: Int, length: Int? = nil) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: (length ?? header.utf8.count) >> (8 * $0)) }
            + Array(header.utf8) + [UInt8](repeating: 0, count: data)
    }
}
