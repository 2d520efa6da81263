import AlignmentKit
import Foundation

/// How a worker reads an archive and what it judges it against.
struct AnalysisSettings: Codable, Sendable {
    var reference: String
    var codec: String?
    var verifiesHashes: Bool

    /// An archive's capture with all that running its stages takes.
    func open(_ file: String) throws -> (Capture, ProfileDescription, Result<Codec, MissingCodec>) {
        let reader = try ArchiveReader(file: file, verifiesHashes: verifiesHashes)
        let capture = try CaptureReader(reader).capture()
        guard !capture.samples.isEmpty else {
            throw CaptureError(file: file, path: "/samples", problem: "holds no request to run")
        }
        guard let reference = ProfileDescription.named(reference) else {
            preconditionFailure("the command has checked the reference's name")
        }
        let locator = CodecLocator(
            named: codec, verifiesHashes: verifiesHashes, environment: ProcessInfo.processInfo.environment,
            willRead: { WorkerNotice.announce(.reading([$0])) })
        let codec = locator.codec(of: capture)
        WorkerNotice.announce(.computing)
        return (capture, reference, codec)
    }
}
