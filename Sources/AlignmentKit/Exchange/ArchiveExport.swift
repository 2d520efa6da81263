internal import AlignmentFiles
public import AlignmentArchive
import AlignmentJSON
import AlignmentTensors

/// Writes an archive as files that other programs read, with a manifest from which `import` makes it again.
public struct ArchiveExport: Sendable {
    /// How tensors are written.
    public enum Style: String, Sendable, Codable, CaseIterable {
        /// One `.npy` for each tensor, under the tensor's path.
        case npy
        /// One `.safetensors` for each request and one for the rest, the tensors' paths as keys.
        case safetensors
    }

    private let reader: ArchiveReader
    private let style: Style
    private let only: [PathPattern]

    /// An export of an open archive; with patterns, only the tensors whose paths fit one.
    public init(_ reader: ArchiveReader, as style: Style, only: [PathPattern] = []) {
        self.reader = reader
        self.style = style
        self.only = only
    }

    /// Fills an empty folder. One tensor is in memory at a time; what stands there after an error is not whole.
    ///
    /// - Throws: `ArchiveError` for what cannot be read, `ExchangeError` for what cannot be written.
    @discardableResult
    public func write(into folder: String) throws -> ExportReport {
        let listing = try ExportListing(reader)
        let chosen = listing.values.filter { isWanted($0.path) }
        guard only.isEmpty || !chosen.isEmpty else {
            throw ExchangeError(
                file: reader.file,
                problem: "has no tensor that fits \(only.map(\.text).joined(separator: " or "))",
                remedy: "`inspect` lists what it has")
        }
        var report = ExportReport(
            file: reader.file, style: style, texts: listing.texts.count, aliases: listing.aliases,
            leftOut: listing.values.map(\.path).filter { !isWanted($0) })
        var malformed: Set<String> = []
        for path in listing.texts {
            let text = try reader.jsonText(at: path)
            if path.hasSuffix(".json"), (try? StrictJSON.parse(Array(text.utf8))) == nil {
                malformed.insert(path)
            }
            let isDocument = path.hasSuffix(".json") && path != ImportManifest.fileName
            try write(Array(text.utf8), to: isDocument ? path : path + ".txt", in: folder)
        }
        let tensors = chosen.filter { $0.attributes.dtype != nil }
        for (file, members) in files(of: tensors) {
            report.tensorBytes += try write(members, to: file, in: folder)
        }
        report.tensors = tensors.count
        report.pythonNones = chosen.count - tensors.count
        let manifest = ExportManifest(
            header: reader.header, values: chosen, texts: listing.texts, malformed: malformed,
            emptyGroups: listing.emptyGroups, style: style)
        try write(Array(try JSONText.encode(manifest.json)) + [0x0A], to: ImportManifest.fileName, in: folder)
        report.asIs = manifest.asIs
        return report
    }

    /// Whether a pattern takes a path, as it is or counted from its request.
    private func isWanted(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        let inside = names.count > 2 && names[0] == "samples" ? names[2...].joined(separator: "/") : path
        return only.isEmpty || only.matches(path) || only.matches(inside)
    }

    /// Which tensors go into which file.
    private func files(
        of tensors: [ExportListing.Value]
    ) -> [(file: String, members: [ExportListing.Value])] {
        guard style == .safetensors else { return tensors.map { ("\($0.path).npy", [$0]) } }
        let byFile = Dictionary(grouping: tensors) { tensor in
            let names = tensor.path.split(separator: "/")
            return names.count > 2 && names[0] == "samples"
                ? "samples/\(names[1]).safetensors" : "archive.safetensors"
        }
        return byFile.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Writes the tensors of one file; returns the bytes of their elements.
    private func write(
        _ members: [ExportListing.Value], to file: String, in folder: String
    ) throws -> Int {
        let output = try create(file, in: folder)
        var bytes = 0
        func write(_ body: () throws(FileFailure) -> Void) throws(ExchangeError) {
            do { try body() } catch { throw ExchangeError(file: file, error, operation: "written") }
        }
        var paths = members.map(\.path)
        if style == .safetensors {
            let layout = SafetensorsLayout(
                members.compactMap { member in
                    guard let dtype = member.attributes.dtype, let shape = member.attributes.shape else {
                        return nil
                    }
                    return .init(key: member.path, dtype: dtype, shape: shape)
                })
            try write { () throws(FileFailure) in try output.write(layout.header()) }
            paths = layout.entries.map(\.key)
        }
        for path in paths {
            guard let tensor = try reader.tensor(at: path).tensor else { continue }
            if style == .npy {
                try write { () throws(FileFailure) in
                    try output.write(NPYHeader.bytes(of: tensor.dtype, tensor.shape))
                }
            }
            var failure: FileFailure?
            tensor.withUnsafeBytes { elements in
                bytes += elements.count
                do throws(FileFailure) { try output.write(elements) } catch { failure = error }
            }
            if let failure { throw ExchangeError(file: file, failure, operation: "written") }
        }
        try write { () throws(FileFailure) in try output.synchronize() }
        return bytes
    }

    private func write(_ bytes: [UInt8], to file: String, in folder: String) throws(ExchangeError) {
        let output = try create(file, in: folder)
        do throws(FileFailure) {
            try output.write(bytes)
            try output.synchronize()
        } catch { throw ExchangeError(file: file, error, operation: "written") }
    }

    /// Makes a file and the folders that it lies in.
    private func create(_ file: String, in folder: String) throws(ExchangeError) -> OutputFile {
        let full = "\(folder)/\(file)"
        do throws(FileFailure) {
            try FileSystem.makeFolders(AtomicFile.folder(of: full))
            return try OutputFile(creating: full)
        } catch { throw ExchangeError(file: file, error, operation: "written") }
    }
}
