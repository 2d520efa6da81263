import AlignmentKit

/// An archive as files.
struct ExportTask: Codable, Sendable {
    var file: String
    /// An empty folder, which the command gives its name when it is whole.
    var folder: String
    var style: ArchiveExport.Style
    var only: [PathPattern]
    var verifiesHashes: Bool

    /// Does the work, in the worker process.
    func run() throws -> ExportReport {
        let reader = try ArchiveReader(file: file, verifiesHashes: verifiesHashes)
        return try ArchiveExport(reader, as: style, only: only).write(into: folder)
    }
}
