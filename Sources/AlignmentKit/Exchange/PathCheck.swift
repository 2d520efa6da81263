import AlignmentArchive

/// Checks that paths can stand together in one archive.
struct PathCheck {
    let manifest: ImportManifest
    let limits: ArchiveLimits

    /// Throws for a path that is none, for two objects at one, and for an object that would be a group as well.
    func check(objects: [(path: String, file: String)], groups: [String]) throws(ExchangeError) {
        var files: [String: String] = [:]
        var parents: Set<String> = []
        guard objects.count + groups.count <= limits.objects else {
            throw manifest.failure(
                "", "and its folder have more than \(limits.objects) objects", "split the folder")
        }
        for (path, file) in objects {
            try check(path, file)
            if let other = files.updateValue(file, forKey: path) {
                let also = other == file ? "twice in this file" : "here and in \(other)"
                throw ExchangeError(
                    file: file, place: path, problem: "stands \(also)", remedy: "keep one of them")
            }
            parents.formUnion(Self.parents(of: path))
        }
        for group in groups {
            try check(group, manifest.file)
            parents.formUnion(Self.parents(of: group))
            parents.insert(group)
        }
        for (path, file) in objects where parents.contains(path) {
            throw ExchangeError(
                file: file, place: path, problem: "would be a group as well, since other paths go on from it",
                remedy: "rename one of them")
        }
    }

    private func check(_ path: String, _ file: String) throws(ExchangeError) {
        let names = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isNamed = names.allSatisfy { name in
            !name.isEmpty && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
                && !name.contains(0) && name.count <= limits.nameBytes
        }
        guard isNamed, names.count <= limits.depth else {
            throw ExchangeError(
                file: file, place: "\"\(path.prefix(200))\"",
                problem:
                    "is no path in an archive: at most \(limits.depth) names with one slash between them",
                remedy: "correct it")
        }
    }

    private static func parents(of path: String) -> [String] {
        path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
    }
}
