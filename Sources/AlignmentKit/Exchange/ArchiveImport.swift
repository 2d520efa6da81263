import AlignmentArchive
import AlignmentJSON
import AlignmentTensors
internal import FoundationEssentials

extension ImportPlan {
    /// Writes the archive; it appears whole or not at all.
    ///
    /// One tensor is in memory at a time. NaN is allowed and counted.
    ///
    /// - Throws: `ExchangeError` for a dump that cannot be read, `ArchiveError` for an archive that cannot be
    ///   written.
    @discardableResult
    public func write(to file: String, createdBy: String) throws -> ImportReport {
        let header = ArchiveHeader(
            id: archive.id ?? UUID().uuidString.lowercased(),
            createdAt: archive.createdAt ?? Date().formatted(.iso8601),
            createdBy: archive.createdBy ?? createdBy)
        var report = ImportReport(self, file: file)
        let writer = try ArchiveWriter(file: file, header: header, limits: limits)
        for group in groups { try writer.createGroup(at: group) }
        for text in texts {
            switch text.source {
            case .inline(let value, _): try writer.write(value, at: text.path)
            case .file(let file):
                try writer.writeJSON(
                    text: try TextSource.text(of: file, limit: limits.jsonBytes), at: text.path)
            }
        }
        for none in nones { try writer.writeNone(at: none) }
        for planned in tensors {
            let tensor = try planned.source.read(as: planned.dtype)
            report.count(tensor, at: planned.path)
            try writer.write(tensor, at: planned.path, labels: planned.labels)
        }
        try writer.finish()
        return report
    }
}
