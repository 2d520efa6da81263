internal import AlignmentFiles
public import AlignmentJSON
public import AlignmentTensors
internal import CHDF5

/// An archive that is being written, under a temporary name in the folder of its own.
///
/// `finish()` gives it its name; a writer that goes away without that leaves nothing behind, and what stood
/// under the name before stays. Groups on the way to an object are made as needed. Every method can throw
/// `ArchiveError`.
public struct ArchiveWriter: ~Copyable, Sendable {
    /// The name that the finished archive will have, as it was given.
    public let file: String
    let limits: ArchiveLimits
    private let handle: Handle
    private let atomic: AtomicFile

    /// Begins an archive.
    public init(
        file: String, header: ArchiveHeader, limits: ArchiveLimits = .standard
    ) throws(ArchiveError) {
        let location = Location(file: file, path: nil)
        let atomic = try Self.atomicFile(file)
        let handle = try Library.locked { () throws(ArchiveError) in
            try Self.create(atomic.path, header: header, at: location, limits: limits)
        }
        self.file = file
        self.limits = limits
        self.handle = handle
        self.atomic = atomic
    }

    /// Writes a tensor, with its hash.
    public func write(
        _ tensor: Tensor, at path: String, labels: TensorLabels = TensorLabels()
    ) throws(ArchiveError) {
        let location = Location(file: file, path: path)
        let hash = tensor.sha256
        try Library.locked { () throws(ArchiveError) in
            let parent = try parent(of: path, location)
            try TensorDataset(tensor, at: location, limits: limits).write(
                in: parent.group, name: parent.name, sha256: hash, labels: labels)
        }
    }

    /// Writes a tensor, or the `None` in its place, as a reader returned it.
    public func write(
        _ stored: StoredTensor, at path: String, labels: TensorLabels = TensorLabels()
    ) throws(ArchiveError) {
        switch stored {
        case .tensor(let tensor): try write(tensor, at: path, labels: labels)
        case .pythonNone: try writeNone(at: path)
        }
    }

    /// Writes a Python `None`.
    public func writeNone(at path: String) throws(ArchiveError) {
        let location = Location(file: file, path: path)
        try Library.locked { () throws(ArchiveError) in
            let parent = try parent(of: path, location)
            let type = try DType.float32.storedType(at: location)
            let space = try location.own(H5Screate(H5S_NULL), "written")
            let dataset = try Creation.dataset(
                in: parent.group, name: parent.name, type: type, space: space, chunk: nil, at: location)
            let attributes = StoredAttributes(object: dataset, location: location, limits: limits)
            try attributes.write("dtype", "none")
            try attributes.write("sha256", Tensor.sha256OfNone)
        }
    }

    /// Writes a JSON document, keys sorted.
    public func write(_ value: JSONValue, at path: String) throws(ArchiveError) {
        try writeJSON(text: try JSONDataset.text(of: value, at: Location(file: file, path: path)), at: path)
    }

    /// Writes a text as it stands: plain text, or a JSON document that is not parsed.
    public func writeJSON(text: String, at path: String) throws(ArchiveError) {
        let location = Location(file: file, path: path)
        try location.limit(text.utf8.count, to: limits.jsonBytes, .jsonBytes)
        try Library.locked { () throws(ArchiveError) in
            let parent = try parent(of: path, location)
            let type = try StoredText.variableType(at: location)
            let space = try location.own(H5Screate(H5S_SCALAR), "written")
            let dataset = try Creation.dataset(
                in: parent.group, name: parent.name, type: type, space: space, chunk: nil, at: location)
            try StoredText.write(text, type: type, at: location) { type, buffer in
                H5Dwrite(dataset.id, type, chdf5_whole_space(), chdf5_whole_space(), chdf5_default(), buffer)
            }
        }
    }

    /// Makes a group, and the groups around it, unless it is there.
    public func createGroup(at path: String) throws(ArchiveError) {
        let location = Location(file: file, path: path)
        try Library.locked { () throws(ArchiveError) in
            let path = try ObjectPath(path, in: file, limits: limits)
            _ = try group(path.names[...], location)
        }
    }

    /// Brings everything to the disk and gives the archive its name, replacing what stood there.
    public consuming func finish() throws(ArchiveError) {
        let location = Location(file: file, path: nil)
        // Before closing: a flush that fails leaves a library that can still close the file.
        _ = try Library.locked { () throws(ArchiveError) in
            try location.check(H5Fflush(handle.id, H5F_SCOPE_GLOBAL), "written")
        }
        guard handle.close() else { throw location.error(.library(operation: "written", frames: [])) }
        do { try atomic.publish() } catch {
            throw ArchiveError(file: file, error, operation: "written")
        }
    }

    private static func atomicFile(_ file: String) throws(ArchiveError) -> AtomicFile {
        do { return try AtomicFile(replacing: file) } catch {
            throw ArchiveError(file: file, error, operation: "written")
        }
    }

    /// Opens the root group.
    func root(_ location: Location) throws(ArchiveError) -> Handle {
        try location.own(H5Gopen2(handle.id, "/", chdf5_default()), "written")
    }
}
