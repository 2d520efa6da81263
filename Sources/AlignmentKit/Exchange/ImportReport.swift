import AlignmentTensors

/// What went from a folder of dumps into an archive.
public struct ImportReport: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The folder, as given.
    public var folder: String
    /// The archive, as given.
    public var file: String
    /// The requests, and of each stage what was dumped.
    public var samples: [Sample]
    /// Tensors written.
    public var tensors: Int
    /// Bytes of their elements.
    public var tensorBytes = 0
    /// Python `None`s written.
    public var pythonNones: Int
    /// JSON documents and other texts written.
    public var texts: Int
    /// Tensors that were widened without loss, because the format wants another type.
    public var widened: [Widened]
    /// Tensors that hold NaN.
    public var nans: [NaNs] = []
    /// Files, and tensors of files, that the manifest says to leave out.
    public var ignored: [String]
    /// Configurations that the manifest only names.
    public var namedConfigurations: [String]
    /// Keys of profiles that no knob has; they change nothing.
    public var unknownKnobs: [String] = []

    /// A request.
    public struct Sample: Sendable, Codable {
        /// Its name.
        public var name: String
        /// `<stage>/<side>` of everything that was dumped of it, such as `tokens/captured`.
        public var parts: [String]
    }

    /// A tensor that was widened.
    public struct Widened: Sendable, Codable {
        /// Its path in the archive.
        public var path: String
        /// Its type in the dump.
        public var from: String
        /// Its type in the archive.
        public var to: String
    }

    /// A tensor that holds NaN.
    public struct NaNs: Sendable, Codable {
        /// Its path in the archive.
        public var path: String
        /// How many of its elements are NaN.
        public var count: Int
        /// How many elements it has.
        public var elements: Int
    }

    init(_ plan: ImportPlan, file: String) {
        folder = plan.folder
        self.file = file
        tensors = plan.tensors.count
        pythonNones = plan.nones.count
        texts = plan.texts.count
        ignored = plan.ignored
        namedConfigurations = plan.namedConfigurations
        widened = plan.tensors.filter { ElementType($0.dtype) != $0.source.type }.map {
            Widened(path: $0.path, from: $0.source.type.rawValue, to: $0.dtype.rawValue)
        }
        samples = Self.samples(plan.tensors.map(\.path) + plan.nones)
    }

    mutating func count(_ tensor: Tensor, at path: String) {
        tensorBytes += tensor.shape.elementCount * tensor.dtype.byteCount
        let count = tensor.nanCount
        guard count > 0 else { return }
        nans.append(NaNs(path: path, count: count, elements: tensor.shape.elementCount))
    }

    private static func samples(_ paths: [String]) -> [Sample] {
        var parts: [String: Set<String>] = [:]
        for path in paths {
            let names = path.split(separator: "/").map(String.init)
            guard names.count > 3, names[0] == "samples" else { continue }
            let part = names[2] == "run_golden" ? names[2] : "\(names[2])/\(names[3])"
            parts[names[1], default: []].insert(part)
        }
        return parts.sorted { $0.key < $1.key }.map { Sample(name: $0.key, parts: $0.value.sorted()) }
    }
}
