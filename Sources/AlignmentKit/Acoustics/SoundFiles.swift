internal import AlignmentFiles

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
            guard FileSystem.isPattern(path) else {
                add(path, to: &found)
                continue
            }
            guard let matches = FileSystem.matches(path) else {
                found.problems.append(SoundFilesError(path, .unreadable(.system("a folder may not be read"))))
                continue
            }
            if matches.isEmpty { found.problems.append(SoundFilesError(path, .noMatch)) }
            for match in matches { add(match, to: &found) }
        }
        var seen: Set<String> = []
        found.files.removeAll { !seen.insert($0).inserted }
        return found
    }

    private static func add(_ path: String, to found: inout Found) {
        guard FileSystem.isFolder(path) else { return found.files.append(path) }
        let below = FileSystem.files(below: path)
        let sounds = below.files.filter { name in endings.contains { name.lowercased().hasSuffix("." + $0) } }
        if sounds.isEmpty, below.problems.isEmpty { found.problems.append(SoundFilesError(path, .noSound)) }
        found.files += sounds
        found.problems += below.problems.map { problem in
            switch problem.reason {
            case .tooDeep: SoundFilesError(problem.folder, .tooDeep)
            case .unreadable(let failure): SoundFilesError(problem.folder, .unreadable(failure))
            }
        }
    }
}
