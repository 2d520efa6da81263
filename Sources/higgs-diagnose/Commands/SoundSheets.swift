import AlignmentKit
import Foundation

/// The pictures of a run: one page for each folder that files lie in.
struct SoundSheets {
    private let folders: [(name: String, files: [SoundResult])]
    private let warnings: Set<SoundVerdict>

    /// - Parameter warnings: verdicts that are not drawn as failures.
    init(_ run: SoundRun, warnings: Set<SoundVerdict>) {
        self.warnings = warnings
        let drawn = run.worstFirst.filter { $0.measures != nil }
        folders = Dictionary(grouping: drawn) { Self.folder(of: $0.path) }.sorted { $0.key < $1.key }
            .map { (name: $0.key, files: $0.value) }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Writes a page for each folder, with its path's parts for a name; a number is added where two would be the same.
    func write(into parent: String) throws {
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        var used: Set<String> = []
        for (folder, files) in folders {
            let shown = files.prefix(SoundSheet.capacity)
            let sounds = try shown.compactMap { result in
                try result.measures.map {
                    (result, try SoundThumbnail(result.path, $0, columns: SoundSheet.columns))
                }
            }
            let title = "\(folder): \(shown.count) of \(files.count) files, the worst first"
            let parts = folder.split(separator: "/").filter { $0 != "." && $0 != ".." }
            let base = parts.isEmpty ? "sounds" : parts.joined(separator: "-")
            var name = base
            var number = 2
            while !used.insert(name).inserted {
                name = "\(base)-\(number)"
                number += 1
            }
            try Data(SoundSheet(title: title, warnings: warnings, sounds).svg.utf8).write(
                to: URL(fileURLWithPath: "\(parent)/\(name).svg"), options: .atomic)
        }
    }

    /// What went wrong, in the system's words.
    static func words(for error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        guard let underlying, underlying.domain == NSPOSIXErrorDomain else { return "\(error)" }
        return String(cString: strerror(Int32(underlying.code)))
    }
}
