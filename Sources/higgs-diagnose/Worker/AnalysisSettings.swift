import AlignmentKit
import Foundation

/// How a worker reads an archive and what it judges it against.
struct AnalysisSettings: Codable, Sendable {
    var reference: ProfileDescription
    /// The profile of the current path in place of the captured one.
    var profile: ProfileDescription?
    var codec: String?
    var verifiesHashes: Bool

    /// An archive's capture with all that running its stages takes.
    func open(_ file: String) throws -> (Capture, Result<CodecFamily, MissingCodec>) {
        try open(ArchiveReader(file: file, verifiesHashes: verifiesHashes))
    }

    /// The same of an open archive.
    func open(_ reader: ArchiveReader) throws -> (Capture, Result<CodecFamily, MissingCodec>) {
        let file = reader.file
        let capture = try CaptureReader(reader).capture()
        guard !capture.samples.isEmpty else {
            throw CaptureError(file: file, path: "/samples", problem: "holds no request to run")
        }
        for profile in [reference, profile].compactMap(\.self) {
            if let problem = profile.problem(for: capture.model) {
                throw CaptureError(file: file, path: "/config", problem: "does not fit: \(problem)")
            }
        }
        let codec = locator.codec(of: capture)
        WorkerNotice.announce(.computing)
        return (capture, codec)
    }

    /// Finds codecs.
    var locator: CodecLocator {
        CodecLocator(
            named: codec, verifiesHashes: verifiesHashes, environment: ProcessInfo.processInfo.environment,
            willRead: { WorkerNotice.announce(.reading([$0])) })
    }
}
