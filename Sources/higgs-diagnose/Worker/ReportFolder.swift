import Foundation

/// A folder of results that appears whole or not at all.
final class ReportFolder {
    /// Where the parts are written before they are published.
    let partial: String
    private let final: String
    private let parent: String
    private let ownsParent: Bool
    private var isPublished = false

    /// Prepares `<parent>/<name>`; an earlier one of that name stays until `publish`.
    init(named name: String, in parent: String) throws {
        self.parent = parent
        ownsParent = !FileManager.default.fileExists(atPath: parent)
        final = parent + "/" + name
        partial = parent + "/.\(name).partial-\(ProcessInfo.processInfo.processIdentifier)"
        Self.removeAbandoned(of: name, in: parent)
        Interruption.begin(folder: partial)
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
    }

    deinit {
        defer { Interruption.end(folder: partial) }
        guard !isPublished else { return }
        try? FileManager.default.removeItem(atPath: partial)
        // Fails, as it should, where another archive's report stands in it.
        if ownsParent { rmdir(parent) }
    }

    /// Removes what processes left behind that were killed before they could.
    private static func removeAbandoned(of name: String, in parent: String) {
        let prefix = ".\(name).partial-"
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for entry in entries where entry.hasPrefix(prefix) {
            guard let process = pid_t(entry.dropFirst(prefix.count)), process > 0 else { continue }
            let isOwn = process == ProcessInfo.processInfo.processIdentifier
            guard isOwn || (kill(process, 0) != 0 && errno == ESRCH) else { continue }
            try? FileManager.default.removeItem(atPath: parent + "/" + entry)
        }
    }

    /// Writes one file.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: partial + "/" + name))
    }

    /// Puts the folder in its place.
    func publish() throws {
        if FileManager.default.fileExists(atPath: final) { try FileManager.default.removeItem(atPath: final) }
        try FileManager.default.moveItem(atPath: partial, toPath: final)
        isPublished = true
    }

    /// A name for each archive: its base name, numbered where two are the same.
    static func names(for archives: [String]) -> [String] {
        var seen: [String: Int] = [:]
        return archives.map { archive in
            let base = URL(fileURLWithPath: archive).deletingPathExtension().lastPathComponent
            seen[base, default: 0] += 1
            let count = seen[base] ?? 1
            return count == 1 ? base : "\(base)-\(count)"
        }
    }
}
