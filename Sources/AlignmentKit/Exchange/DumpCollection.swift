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
    let asIs: [Glob]
    private let folder: DumpFolder
    private let manifest: ImportManifest
    private let ignore: [Glob]
    private let known: Set<String>
    /// Paths that the manifest says more of, without naming a file.
    private let labelled: Set<String>
    private var textPaths: [(path: String, file: String)] = []
    private var byPath: [String: Found] = [:]
    private var unused: [(file: String, key: String?)] = []
    private var mapped: Set<String> = []
    private var headers: [String: SafetensorsHeader] = [:]

    init(_ folder: DumpFolder, _ manifest: ImportManifest) {
        self.folder = folder
        self.manifest = manifest
        known = Set(folder.files)
        labelled = Set(manifest.tensors.filter { $0.file == nil }.map(\.path))
        asIs = manifest.texts("as_is").map(Glob.init)
        ignore = manifest.texts("ignore").map(Glob.init)
    }

    /// An object as the layout is to check it.
    func object(_ path: String, _ content: PlannedObject.Content, _ file: String) -> PlannedObject {
        PlannedObject(path: path, content: content, file: file, isAsIs: asIs.match(path))
    }

    /// Goes through the files, then through the manifest's tensors.
    mutating func collect() throws(ExchangeError) {
        for file in folder.files {
            if ignore.match(file) { ignored.append(file) } else { try take(file) }
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
            if path.hasSuffix(".json"), !asIs.match(path) {
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
                if ignore.match(name) {
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
    private static func name(_ file: String, _ key: String?) -> String { key.map { "\(file)#\($0)" } ?? file }

    private func isWanted(_ path: String) -> Bool {
        ArchiveLayout.rule(for: path) != nil || asIs.match(path)
            || labelled.contains(path)
    }

    private mutating func add(_ path: String, _ source: TensorSource, _ file: String) throws(ExchangeError) {
        if let other = byPath[path] {
            throw source.failure("stands for \(path), as \(other.file) does", "keep one of them")
        }
        byPath[path] = Found(path: path, source: source, labels: TensorLabels(), file: file)
    }

    // MARK: The manifest's tensors

    private mutating func takeEntries() throws(ExchangeError) {
        var seen: Set<String> = []
        for (index, entry) in manifest.tensors.enumerated() {
            let place = "tensors[\(index)]"
            guard seen.insert(entry.path).inserted else {
                throw manifest.failure(
                    "\(place).path", "names \(entry.path) a second time", "keep one of them")
            }
            var found = try found(entry, place)
            try check(&found.source, against: entry, place)
            found.labels = entry.labels
            byPath[entry.path] = found
        }
    }

    private mutating func found(_ entry: ImportManifest.Entry, _ place: String) throws(ExchangeError) -> Found
    {
        guard let file = entry.file else {
            if let found = byPath[entry.path] { return found }
            throw manifest.failure(
                place,
                "has no file, and there is no \(entry.path).npy and no tensor of that name in a .safetensors",
                "name the file")
        }
        guard known.contains(file), !ignore.match(file) else {
            let why = known.contains(file) ? "is listed in ignore" : "is not in the folder"
            throw manifest.failure("\(place).file", "\"\(file.prefix(200))\" \(why)", "correct the name")
        }
        let source = try source(entry, file, place)
        if let other = byPath[entry.path], other.source.file != source.file || other.source.key != source.key
        {
            throw manifest.failure(
                place, "maps \(entry.path) to \(file), but \(other.file) stands for it too",
                "keep one of them")
        }
        mapped.insert(Self.name(file, source.key))
        return Found(path: entry.path, source: source, labels: entry.labels, file: file)
    }

    private mutating func source(
        _ entry: ImportManifest.Entry, _ file: String, _ place: String
    ) throws(ExchangeError) -> TensorSource {
        if file.hasSuffix(".safetensors") {
            let key = entry.key ?? entry.path
            guard let found = try safetensors(file).byKey[key] else {
                throw manifest.failure(
                    "\(place).key", "\"\(key)\" is no tensor of \(file)", "correct the name")
            }
            return source(found, file)
        }
        guard entry.key == nil else {
            throw manifest.failure(
                "\(place).key", "stands with \(file), which is no .safetensors file", "remove it")
        }
        if file.hasSuffix(".npy") { return try npy(file) }
        guard let type = entry.type, let extents = entry.shape else {
            throw manifest.failure(
                place, "maps the raw file \(file) without \(entry.type == nil ? "dtype" : "shape")",
                "give both")
        }
        let full = folder.full(file)
        let input = try open(full)
        let shape = try NPYHeader.shape(extents, type, bytesThere: input.byteCount) { problem, _ in
            ExchangeError(file: full, problem: problem, remedy: "correct dtype or shape in the manifest")
        }
        return TensorSource(file: full, key: nil, type: type, shape: shape, offset: 0)
    }

    /// Reads the type as the manifest says, where the file cannot say it, and checks what both say.
    private func check(
        _ source: inout TensorSource, against entry: ImportManifest.Entry, _ place: String
    ) throws(ExchangeError) {
        if let shape = entry.shape, shape != source.shape.extents {
            throw manifest.failure(
                "\(place).shape", "is \(shape), but \(source.file) has the shape \(source.shape)",
                "correct one of them")
        }
        guard let type = entry.type, type != source.type else { return }
        switch (type, source.type) {
        case (.bfloat16, .uint16) where source.key == nil, (.bfloat16, .void2), (.bool, .uint8):
            source.type = type
        default:
            throw manifest.failure(
                "\(place).dtype",
                "is \(type.rawValue), but \(source.file) has elements of type \(source.type.rawValue)",
                "correct one of them")
        }
    }

    // MARK: Headers

    private func open(_ file: String) throws(ExchangeError) -> InputFile {
        do { return try InputFile(file) } catch { throw ExchangeError(file: file, error, operation: "read") }
    }

    private func npy(_ file: String) throws(ExchangeError) -> TensorSource {
        let full = folder.full(file)
        let header = try NPYHeader.read(try open(full), file: full)
        return TensorSource(
            file: full, key: nil, type: header.type, shape: header.shape, offset: header.offset)
    }

    private mutating func safetensors(_ file: String) throws(ExchangeError) -> SafetensorsHeader {
        if let header = headers[file] { return header }
        let full = folder.full(file)
        let header = try SafetensorsHeader.read(try open(full), file: full)
        headers[file] = header
        return header
    }

    private func source(_ entry: SafetensorsHeader.Entry, _ file: String) -> TensorSource {
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
