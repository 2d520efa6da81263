internal import AlignmentFiles
import AlignmentArchive
import AlignmentJSON
import AlignmentTensors

/// Finds for every file of a folder what it stands for, and refuses what stands for nothing.
struct DumpCollection {
    /// A tensor and where it was found.
    struct Found {
        let path: String
        var source: TensorSource
        var labels: TensorLabels
        /// The file relative to the folder.
        let file: String
    }

    /// The tensors, sorted by path.
    private(set) var tensors: [Found] = []
    /// Files that were left out because the manifest says so.
    private(set) var ignored: [String] = []
    let asIs: [PathPattern]
    let folder: DumpFolder
    let manifest: ImportManifest
    let ignore: [PathPattern]
    let known: Set<String>
    /// Paths that the manifest says more of, without naming a file.
    private let labelled: Set<String>
    private var textPaths: [(path: String, file: String)] = []
    var byPath: [String: Found] = [:]
    private var unused: [(file: String, key: String?)] = []
    var mapped: Set<String> = []
    private var headers: [String: SafetensorsHeader] = [:]

    init(_ folder: DumpFolder, _ manifest: ImportManifest) {
        self.folder = folder
        self.manifest = manifest
        known = Set(folder.files)
        labelled = Set(manifest.tensors.filter { $0.file == nil }.map(\.path))
        asIs = manifest.texts("as_is").map(PathPattern.init)
        ignore = manifest.texts("ignore").map(PathPattern.init)
    }

    /// An object as the layout is to check it.
    func object(_ path: String, _ content: PlannedObject.Content, _ file: String) -> PlannedObject {
        PlannedObject(path: path, content: content, file: file, isAsIs: asIs.matches(path))
    }

    /// Goes through the files, then through the manifest's tensors.
    mutating func collect() throws(ExchangeError) {
        for file in folder.files {
            if ignore.matches(file) { ignored.append(file) } else { try take(file) }
        }
        try takeEntries()
        unused.removeAll { mapped.contains(Self.name($0.file, $0.key)) }
        if let first = unused.first {
            let others = unused.count == 1 ? "" : " (and \(unused.count - 1) more)"
            throw ExchangeError(
                file: folder.full(first.file), place: first.key.map { "\"\($0)\"" },
                problem:
                    "is not used: \(first.key == nil ? "its name" : "it") is no path of the archive format\(others)",
                remedy: "map it in the manifest's tensors, or list it in ignore")
        }
        tensors = byPath.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// The texts that are files, each read once to see that it is one.
    func textFiles(limits: ArchiveLimits) throws(ExchangeError) -> [ImportPlan.PlannedText] {
        try textPaths.map { path, file throws(ExchangeError) in
            let full = folder.full(file)
            let text = try TextSource.text(of: full, limit: limits.jsonBytes)
            if path.hasSuffix(".json"), !asIs.matches(path) {
                do { _ = try StrictJSON.parse(Array(text.utf8)) } catch {
                    throw ExchangeError(
                        file: full, problem: "is no JSON (\(error))", remedy: "correct it there")
                }
            }
            return .init(path: path, source: .file(full))
        }
    }

    // MARK: Files

    private mutating func take(_ file: String) throws(ExchangeError) {
        if let path = file.without(suffix: ".npy") {
            guard isWanted(path) else { return unused.append((file, nil)) }
            try add(path, try npy(file), file)
        } else if file.hasSuffix(".safetensors") {
            for entry in try safetensors(file).entries {
                let name = Self.name(file, entry.key)
                if ignore.matches(name) {
                    ignored.append(name)
                } else if isWanted(entry.key) {
                    try add(entry.key, source(entry, file), file)
                } else {
                    unused.append((file, entry.key))
                }
            }
        } else if file.hasSuffix(".json"), isWanted(file) {
            textPaths.append((file, file))
        } else if let path = file.without(suffix: ".txt"), isWanted(path) {
            textPaths.append((path, file))
        } else {
            unused.append((file, nil))
        }
    }

    /// A file, or a tensor of a file, as ignore names it.
    static func name(_ file: String, _ key: String?) -> String { key.map { "\(file)#\($0)" } ?? file }

    private func isWanted(_ path: String) -> Bool {
        DumpLayout.rule(for: path) != nil || asIs.matches(path)
            || labelled.contains(path)
    }

    private mutating func add(_ path: String, _ source: TensorSource, _ file: String) throws(ExchangeError) {
        if let other = byPath[path] {
            throw source.failure("stands for \(path), as \(other.file) does", "keep one of them")
        }
        byPath[path] = Found(path: path, source: source, labels: TensorLabels(), file: file)
    }

    // MARK: Headers

    func open(_ file: String) throws(ExchangeError) -> InputFile {
        do { return try InputFile(file) } catch { throw ExchangeError(file: file, error, operation: "read") }
    }

    func npy(_ file: String) throws(ExchangeError) -> TensorSource {
        let full = folder.full(file)
        let header = try NPYHeader.read(try open(full), file: full)
        return TensorSource(
            file: full, key: nil, type: header.type, shape: header.shape, offset: header.offset)
    }

    mutating func safetensors(_ file: String) throws(ExchangeError) -> SafetensorsHeader {
        if let header = headers[file] { return header }
        let full = folder.full(file)
        let header = try SafetensorsHeader.read(try open(full), file: full)
        headers[file] = header
        return header
    }

    func source(_ entry: SafetensorsHeader.Entry, _ file: String) -> TensorSource {
        TensorSource(
            file: folder.full(file), key: entry.key, type: entry.type, shape: entry.shape,
            offset: entry.offset)
    }
}

extension String {
    /// What stands before a suffix; nil if the text does not end so.
    fileprivate func without(suffix: String) -> String? {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : nil
    }
}
