internal import Glibc

extension FileSystem {
    /// What lies in a folder and its subfolders, sorted by name, but for hidden names and links to folders, which could
    /// lead back to it; and the folders that could not be looked into.
    package static func files(below folder: String) -> (files: [String], problems: [FolderProblem]) {
        var found: (files: [String], problems: [FolderProblem]) = ([], [])
        func visit(_ folder: String, _ depth: Int) {
            guard depth < 64 else {
                return found.problems.append(FolderProblem(folder: folder, reason: .tooDeep))
            }
            let names: [String]
            do { names = try FileSystem.names(in: folder) } catch {
                return found.problems.append(FolderProblem(folder: folder, reason: .unreadable(error)))
            }
            for name in names.sorted() where !name.hasPrefix(".") {
                let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
                guard isFolder(path) else {
                    found.files.append(path)
                    continue
                }
                if !isSymbolicLink(path) { visit(path, depth + 1) }
            }
        }
        visit(folder, 0)
        return found
    }

    /// A folder that could not be looked into.
    package struct FolderProblem: Sendable {
        /// Its path.
        package let folder: String
        /// Why.
        package let reason: Reason

        /// Why a folder could not be looked into.
        package enum Reason: Sendable {
            /// It lies more than 64 folders deep.
            case tooDeep
            /// The system does not let it be read.
            case unreadable(FileFailure)
        }
    }

    /// The paths that a pattern with `*`, `?` or `[` matches, sorted; nil where a folder on the way may not be read.
    package static func matches(_ pattern: String) -> [String]? {
        var found = glob_t()
        defer { globfree(&found) }
        switch glob(pattern, GLOB_ERR, nil, &found) {
        case 0: return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
        case GLOB_NOMATCH: return []
        default: return nil
        }
    }

    /// Whether a path is to be taken for a pattern: it has the signs of one, and nothing of this name is there.
    package static func isPattern(_ path: String) -> Bool {
        guard path.contains(where: { "*?[".contains($0) }) else { return false }
        if case .missing = entry(at: path) { return true }
        return false
    }

    /// Whether a folder stands at a path, or a link to one.
    package static func isFolder(_ path: String) -> Bool {
        if case .directory = entry(at: path) { true } else { false }
    }
}
