internal import AlignmentFiles
internal import Foundation
internal import Glibc

/// Finds the sound files that paths stand for.
public enum SoundFiles {
    /// Endings of names that are looked for in folders.
    public static let endings = [
        "wav", "wave", "flac", "ogg", "oga", "opus", "mp3", "aif", "aiff", "aifc", "au", "snd", "caf", "w64",
        "rf64",
    ]

    /// What paths stand for.
    public struct Found: Sendable {
        /// Files, in order and none twice.
        public var files: [String] = []
        /// Paths that stand for none, and folders that could not be read.
        public var problems: [SoundFilesError] = []
    }

    /// The files of these paths.
    ///
    /// A folder stands for the files within it and its subfolders whose names end as sound files do, sorted by name,
    /// but for hidden ones and links to folders; a pattern with `*`, `?` or `[` that names no file stands for what it
    /// matches. Any other path stands for itself, whether it is there or not.
    public static func found(at paths: [String]) -> Found {
        var found = Found()
        for path in paths {
            if isFolder(path) {
                add(path, to: &found)
            } else if path.contains(where: { "*?[".contains($0) }), !isThere(path) {
                let matches = matches(path)
                if matches.isEmpty { found.problems.append(SoundFilesError(path, .noMatch)) }
                for match in matches {
                    if isFolder(match) { add(match, to: &found) } else { found.files.append(match) }
                }
            } else {
                found.files.append(path)
            }
        }
        var seen: Set<String> = []
        found.files.removeAll { !seen.insert($0).inserted }
        return found
    }

    private static func add(_ folder: String, to found: inout Found) {
        var within = Found()
        sounds(in: folder, &within)
        if within.files.isEmpty, within.problems.isEmpty {
            within.problems.append(SoundFilesError(folder, .noSound))
        }
        found.files += within.files
        found.problems += within.problems
    }

    private static func sounds(in folder: String, depth: Int = 0, _ found: inout Found) {
        guard depth < 64 else { return found.problems.append(SoundFilesError(folder, .tooDeep)) }
        let names: [String]
        do { names = try FileSystem.names(in: folder) } catch {
            return found.problems.append(SoundFilesError(folder, .unreadable(error)))
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            if isFolder(path) {
                // A link to a folder could lead back to this one.
                if !FileSystem.isSymbolicLink(path) { sounds(in: path, depth: depth + 1, &found) }
            } else if endings.contains(where: { name.lowercased().hasSuffix("." + $0) }) {
                found.files.append(path)
            }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        if case .directory = FileSystem.entry(at: path) { true } else { false }
    }

    private static func isThere(_ path: String) -> Bool {
        if case .missing = FileSystem.entry(at: path) { false } else { true }
    }

    private static func matches(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}
