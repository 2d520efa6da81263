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

    /// The files of these paths, in order and none twice.
    ///
    /// A folder stands for the files within it and its subfolders whose names end as sound files do, sorted by name;
    /// a pattern with `*`, `?` or `[` that names no file stands for what it matches. Any other path stands for itself,
    /// whether it is there or not.
    ///
    /// - Throws: `SoundFilesError` for a folder or pattern without a sound file, or a folder that cannot be read.
    public static func found(at paths: [String]) throws(SoundFilesError) -> [String] {
        var files: [String] = []
        for path in paths {
            if isFolder(path) {
                let within = try sounds(in: path)
                guard !within.isEmpty else { throw SoundFilesError(path, .noSound) }
                files += within
            } else if path.contains(where: { "*?[".contains($0) }), !isThere(path) {
                for match in try matches(path) {
                    files += isFolder(match) ? try sounds(in: match) : [match]
                }
            } else {
                files.append(path)
            }
        }
        var seen: Set<String> = []
        return files.filter { seen.insert($0).inserted }
    }

    private static func sounds(in folder: String, depth: Int = 0) throws(SoundFilesError) -> [String] {
        guard depth < 64 else { throw SoundFilesError(folder, .tooDeep) }
        let names: [String]
        do { names = try FileSystem.names(in: folder) } catch {
            throw SoundFilesError(folder, .unreadable(error))
        }
        var files: [String] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            if isFolder(path) {
                // A link to a folder could lead back to this one.
                if !FileSystem.isSymbolicLink(path) { files += try sounds(in: path, depth: depth + 1) }
            } else if endings.contains(where: { name.lowercased().hasSuffix("." + $0) }) {
                files.append(path)
            }
        }
        return files
    }

    private static func isFolder(_ path: String) -> Bool {
        if case .directory = FileSystem.entry(at: path) { true } else { false }
    }

    private static func isThere(_ path: String) -> Bool {
        if case .missing = FileSystem.entry(at: path) { false } else { true }
    }

    private static func matches(_ pattern: String) throws(SoundFilesError) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { throw SoundFilesError(pattern, .noMatch) }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}

/// Why a path stands for no sound file, in one sentence.
public struct SoundFilesError: Error, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    enum Reason {
        case noSound, noMatch, tooDeep, noFolder, noText, longText, noUTF8
        case unreadable(FileFailure)
    }

    init(_ path: String, _ reason: Reason) {
        description =
            switch reason {
            case .noSound:
                "\(path) holds no sound file; expected names that end in .wav, .flac, .ogg or the like"
            case .noMatch: "\(path) matches no file; check the pattern"
            case .tooDeep: "\(path) lies more than 64 folders deep; give a folder nearer to the files"
            case .noFolder: "\(path) is no folder; give the folder that holds the texts"
            case .noText: "\(path) holds no text; expected names that end in .txt"
            case .longText: "\(path) has more than 1 MiB, expected the text of one sound file"
            case .noUTF8: "\(path) is not UTF-8, expected the text of one sound file"
            case .unreadable(.system(let why)): "\(path) could not be read: \(why)"
            case .unreadable: "\(path) could not be read; check its permissions"
            }
    }
}
