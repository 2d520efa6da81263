import AlignmentArchive
public import AlignmentJSON
import AlignmentDiagnosis
public import AlignmentStages

/// What an archive holds, object by object.
public struct Inspection: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The archive's path, as given.
    public var path: String
    /// Version of the archive's format.
    public var formatVersion: Int
    /// The archive's UUID.
    public var id: String?
    /// When it was made, ISO 8601.
    public var createdAt: String?
    /// What made it, name and version.
    public var createdBy: String?
    /// Where, with what and by what it was made, as recorded.
    public var provenance: JSONValue?
    /// How the observed script ended, as recorded.
    public var script: JSONValue?
    /// Every object, in the archive's order; of one with several names each name.
    public var entries: [Entry]
    /// The captured profiles against the reference; knobs that are equal only where they were asked for.
    public var profiles: [CapturedProfileSheet]
    /// The objects whose values were asked for.
    public var tensors: [TensorSheet]
    /// What was asked for and could not be shown, and what could not be read: one sentence each.
    public var problems: [String]
    /// What was asked for, to print no more than that.
    public var request: Request

    /// What to show.
    public struct Request: Sendable, Codable {
        /// Objects whose values are shown.
        public var tensors: [String]
        /// Whether every knob of the captured profile is shown.
        public var showsProfile: Bool
        /// The profile that the captured one is compared with.
        public var reference: String
        /// Whether the hashes of the tensors shown are checked.
        public var verifiesHashes: Bool

        /// A request; by default for the list of objects.
        public init(
            tensors: [String] = [], showsProfile: Bool = false, reference: String = "serve-engine",
            verifiesHashes: Bool = true
        ) {
            self.tensors = tensors
            self.showsProfile = showsProfile
            self.reference = reference
            self.verifiesHashes = verifiesHashes
        }
    }

    /// One name of an object.
    public struct Entry: Sendable, Codable {
        /// Its path.
        public var path: String
        /// `group`, `tensor`, `none`, `json`, `text` or `unreadable`.
        public var kind: String
        /// Its shape.
        public var shape: [Int]?
        /// The names of its axes.
        public var axes: [String]?
        /// Its element type.
        public var dtype: String?
        /// Its size in memory, in bytes.
        public var byteCount: Int?
        /// Its elements' size in the file, in bytes; nil for texts.
        public var storedBytes: Int?
        /// The recorded hash of its elements.
        public var sha256: String?
        /// Samples per second of a waveform.
        public var sampleRate: Int?
        /// The encoding of the file that sound was read back from.
        public var subtype: String?
        /// The base name of that file.
        public var file: String?
        /// The name under which the same object was listed before.
        public var sameAs: String?
        /// Whether the format has such an object at this path.
        public var isInterpreted: Bool
        /// Why it could not be read, in one sentence.
        public var problem: String?
    }

    /// Looks through an archive; only the elements that were asked for are read.
    ///
    /// - Throws: `ArchiveError` if the file cannot be opened as an archive.
    public init(file: String, _ request: Request, reference: ProfileDescription) throws {
        let reader = try ArchiveReader(file: file, verifiesHashes: request.verifiesHashes)
        let listing = try ArchiveListing(of: reader)
        path = file
        formatVersion = reader.header.version
        id = reader.header.id
        createdAt = reader.header.createdAt
        createdBy = reader.header.createdBy
        self.request = request
        entries = listing.entries.map(Entry.init)
        problems = request.tensors.isEmpty ? entries.compactMap(\.problem) : []
        tensors = []
        profiles = []
        func document(_ path: String) -> JSONValue? {
            do { return try reader.jsonIfPresent(at: path) } catch {
                problems.append("\(error)")
                return nil
            }
        }
        provenance = document("/provenance.json")
        script = document("/script.json")
        let model = ModelConfiguration(
            model: document("/config/model.json"), tokens: document("/config/tokens.json"),
            codec: document("/config/codec.json"))
        let captured = listing.profiles.map { (samples: $0.samples, profile: document($0.path)) }
        if let problem = reference.problem(for: model) {
            problems.append("\(file): the captured profile is not compared: \(problem).")
        } else {
            profiles = CapturedProfileSheet.sheets(
                captured, reference, model, isComplete: request.showsProfile)
        }
        if request.showsProfile, captured.isEmpty {
            problems.append("\(file) holds no profile.json, so there is no captured profile to show.")
        }
        for asked in request.tensors {
            do {
                guard let entry = listing.entry(asked) else { throw MissingObject(asked, in: listing, file) }
                if case .group = entry.content { throw GroupAsked(entry, asked: asked, in: listing, file) }
                tensors.append(
                    try TensorSheet(entry, asked: asked, of: reader, codebookSize: model.audioCodebookSize))
            } catch { problems.append("\(error)") }
        }
        problems = problems.map(printable)
    }
}

extension Inspection.Entry {
    init(_ entry: ArchiveListing.Entry) {
        path = entry.path
        sameAs = entry.firstName
        isInterpreted = entry.isInterpreted
        switch entry.content {
        case .group: kind = "group"
        case .text(let count, let isJSON):
            kind = isJSON ? "json" : "text"
            byteCount = count
        case .unreadable(let error):
            kind = "unreadable"
            problem = "\(error)"
        case .tensor(let attributes):
            kind = attributes.dtype == nil ? "none" : "tensor"
            shape = attributes.shape?.extents
            dtype = attributes.dtype?.rawValue
            axes = attributes.labels.axes
            byteCount = attributes.dtype.flatMap { dtype in
                attributes.shape.map { $0.elementCount * dtype.byteCount }
            }
            storedBytes = attributes.storedBytes
            sha256 = attributes.sha256
            sampleRate = attributes.labels.sampleRate
            subtype = attributes.labels.subtype
            file = attributes.labels.file
        }
    }
}
