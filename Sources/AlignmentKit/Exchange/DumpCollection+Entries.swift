internal import AlignmentFiles
import AlignmentTensors

extension DumpCollection {
    /// Goes through the tensors that the manifest names.
    mutating func takeEntries() throws(ExchangeError) {
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
        guard known.contains(file), !ignore.matches(file) else {
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
}
