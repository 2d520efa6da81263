public import AlignmentArchive
import AlignmentJSON
import AlignmentTensors

/// What an archive made of a folder of dumps will hold: everything is found and checked, nothing is written.
public struct ImportPlan: Sendable {
    /// A tensor and where its elements are.
    struct PlannedTensor: Sendable {
        let path: String
        let source: TensorSource
        /// The type that it has in the archive.
        let dtype: DType
        let labels: TensorLabels
    }

    /// A text and where it is.
    struct PlannedText: Sendable {
        let path: String
        let source: TextSource
    }

    /// The folder, as given.
    public let folder: String
    let archive: ArchiveHeader
    let tensors: [PlannedTensor]
    let texts: [PlannedText]
    let nones: [String]
    let groups: [String]
    let ignored: [String]
    let namedConfigurations: [String]
    let limits: ArchiveLimits

    /// Reads the manifest and the header of every file of a folder, and checks that they make an archive.
    public init(folder path: String, limits: ArchiveLimits = .standard) throws(ExchangeError) {
        let folder = try DumpFolder(path)
        let manifest = try ImportManifest(folder: folder.path)
        var collection = DumpCollection(folder, manifest)
        try collection.collect()
        let documents = try ManifestDocuments(manifest, folder: folder)
        let texts = try documents.texts + collection.textFiles(limits: limits)
        let nones = manifest.texts("none")
        let groups = manifest.texts("groups")
        let paths = PathCheck(manifest: manifest, limits: limits)
        try paths.check(
            objects: collection.tensors.map { ($0.path, $0.source.file) }
                + texts.map { ($0.path, $0.source.file) }
                + nones.map { ($0, manifest.file) }, groups: groups)
        let planned =
            collection.tensors.map { tensor in
                collection.object(
                    tensor.path, .tensor(tensor.source.type, tensor.source.shape, tensor.labels),
                    tensor.source.file)
            }
            + texts.map { text in
                collection.object(text.path, text.path.hasSuffix(".json") ? .json : .text, text.source.file)
            } + nones.map { collection.object($0, .pythonNone, manifest.file) }
        let problems = DumpCheck.problems(of: planned)
        if let first = problems.first {
            let others = problems.count == 1 ? "" : " (and \(problems.count - 1) more)"
            throw ExchangeError(
                file: first.object.file, place: first.object.path, problem: first.what,
                remedy: first.remedy + others)
        }
        self.folder = path
        self.limits = limits
        self.texts = texts
        self.nones = nones
        self.groups = groups
        self.ignored = collection.ignored
        self.namedConfigurations = documents.named
        archive = ArchiveHeader(
            id: manifest.json["archive"]?["id"]?.string,
            createdAt: manifest.json["archive"]?["created_at"]?.string,
            createdBy: manifest.json["archive"]?["created_by"]?.string)
        tensors = try collection.tensors.map { tensor throws(ExchangeError) in
            try Self.planned(tensor, isAsIs: collection.asIs.matches(tensor.path), limits: limits)
        }
    }

    /// The captured profile's keys, for whoever knows which there are.
    public var profileKeys: [String] {
        get throws {
            try texts.filter { $0.path == "profile.json" || $0.path.hasSuffix("/profile.json") }
                .flatMap { (try $0.source.json()?.object ?? [:]).keys.sorted() }
        }
    }

    private static func planned(
        _ tensor: DumpCollection.Found, isAsIs: Bool, limits: ArchiveLimits
    ) throws(ExchangeError) -> PlannedTensor {
        let source = tensor.source
        let dtype: DType? =
            switch isAsIs ? nil : DumpLayout.rule(for: tensor.path)?.content {
            case .tensor(let elements, _), .optionalTensor(let elements, _): elements.dtype(for: source.type)
            default: source.type.dtype
            }
        guard let dtype else {
            throw source.failure(
                "has elements of type \(source.type.rawValue), which archives do not hold",
                "write another type")
        }
        guard source.shape.rank <= limits.rank else {
            throw source.failure(
                "has \(source.shape.rank) axes, more than the limit of \(limits.rank)", "reshape it")
        }
        let (bytes, overflow) = source.shape.elementCount.multipliedReportingOverflow(by: dtype.byteCount)
        guard !overflow, bytes <= limits.tensorBytes else {
            throw source.failure(
                "would take \(bytes) bytes, more than the limit of \(limits.tensorBytes)", "split the request"
            )
        }
        return PlannedTensor(path: tensor.path, source: source, dtype: dtype, labels: tensor.labels)
    }
}
