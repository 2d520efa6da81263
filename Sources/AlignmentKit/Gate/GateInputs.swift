internal import AlignmentAcoustics
internal import AlignmentFiles
public import AlignmentReport
internal import Foundation

/// Finds the captures, sound files and logs that paths stand for.
public struct GateInputs: Sendable {
    /// What was found, in the order of the paths, none twice.
    public private(set) var found: [GateReport.Input] = []
    /// Paths that stand for nothing, each in a sentence.
    public private(set) var problems: [InputFailure] = []
    private var seen: Set<String> = []

    /// The inputs of these paths.
    ///
    /// A folder stands for what lies in it and its subfolders, but for hidden names and links to folders: `.h5` and
    /// `.hdf5` are captures, `.log` are logs, and names that end as sound files do are sound. A pattern with `*`, `?` or
    /// `[` that names no file stands for what it matches, and `-` for a log on standard input. A file that was named is
    /// told by its name, else by its first bytes, and is a log if neither knows it.
    public init(at paths: [String]) {
        for path in paths {
            if path == "-" {
                add(path, .log)
            } else if FileSystem.isPattern(path) {
                guard let matches = FileSystem.matches(path) else {
                    problem(path, "could not be read whole: a folder on the way may not be read")
                    continue
                }
                if matches.isEmpty { problem(path, "matches no file; check the pattern") }
                for match in matches { addNamed(match) }
            } else {
                addNamed(path)
            }
        }
    }

    /// The captures, sound files or logs.
    public func paths(of kind: GateReport.Input.Kind) -> [String] {
        found.filter { $0.kind == kind }.map(\.path)
    }

    /// The archives of a folder, by their names within it.
    ///
    /// - Throws: `InputFailure`, one sentence that names the folder.
    public static func archives(in folder: String) throws(InputFailure) -> [String: String] {
        var inputs = GateInputs(at: [])
        guard FileSystem.isFolder(folder) else {
            throw InputFailure(
                path: folder,
                message: "\(folder) is no folder, expected one of golden archives to compare with.")
        }
        _ = inputs.addFolder(folder)
        if let problem = inputs.problems.first { throw problem }
        let archives = inputs.paths(of: .capture)
        guard !archives.isEmpty else {
            throw InputFailure(path: folder, message: "\(folder) holds no .h5 file to compare with.")
        }
        let named = Dictionary(grouping: archives, by: name(of:))
        if let twice = named.values.first(where: { $0.count > 1 }) {
            throw InputFailure(
                path: folder,
                message:
                    "\(folder) holds \(twice[0]) and \(twice[1]), and captures are compared by name; give each its own."
            )
        }
        return named.compactMapValues(\.first)
    }

    /// The last part of a path.
    public static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    // MARK: Finding

    private mutating func add(_ path: String, _ kind: GateReport.Input.Kind) {
        // The same file by another spelling, or through a link, is the same file.
        guard seen.insert(URL(fileURLWithPath: path).resolvingSymlinksInPath().path).inserted else { return }
        found.append(GateReport.Input(path: path, kind: kind))
    }

    private mutating func problem(_ path: String, _ clause: String) {
        problems.append(InputFailure(path: path, message: "\(path) \(clause)."))
    }

    private mutating func addNamed(_ path: String) {
        switch FileSystem.entry(at: path) {
        case .missing: problem(path, "does not exist; give captures, sound files, logs, or folders of them")
        case .unreachable(let why): problem(path, "could not be read: \(why)")
        case .directory:
            let before = problems.count
            if !addFolder(path), problems.count == before {
                problem(path, "holds no capture (.h5), no sound file and no .log")
            }
        case .file, .other: add(path, Self.kind(of: path) ?? Self.kind(byContentOf: path) ?? .log)
        }
    }

    /// Whether the folder holds a file of a kind that is known, seen before or not.
    private mutating func addFolder(_ folder: String) -> Bool {
        let below = FileSystem.files(below: folder)
        let known = below.files.compactMap { path in Self.kind(of: path).map { (path, $0) } }
        for (path, kind) in known { add(path, kind) }
        for found in below.problems {
            switch found.reason {
            case .tooDeep:
                problem(found.folder, "lies more than 64 folders deep; give one nearer to the files")
            case .unreadable: problem(found.folder, "could not be read; check its permissions")
            }
        }
        return !known.isEmpty
    }

    private static func kind(of path: String) -> GateReport.Input.Kind? {
        let name = path.lowercased()
        if [".h5", ".hdf5"].contains(where: name.hasSuffix) { return .capture }
        if name.hasSuffix(".log") { return .log }
        return SoundFiles.endings.contains { name.hasSuffix("." + $0) } ? .sound : nil
    }

    private static func kind(byContentOf path: String) -> GateReport.Input.Kind? {
        // The first bytes of a pipe would be lost.
        guard case .file = FileSystem.entry(at: path), let file = FileHandle(forReadingAtPath: path),
            let head = try? file.read(upToCount: 8)
        else { return nil }
        if head.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) { return .capture }
        let sounds = ["RIFF", "RF64", "fLaC", "OggS", "FORM", "ID3"]
        return sounds.contains { head.starts(with: Array($0.utf8)) } ? .sound : nil
    }
}
