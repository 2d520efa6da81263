public import AlignmentArchive
import AlignmentStages

/// The part of a capture that a `Repro` needs: one stage of one request, what the pipeline declared, and where it ran.
///
/// Text, messages, sounds of reference voices, golden tensors and weights are left out.
public struct ReproArchive {
    /// The most that its file may take, in bytes: what a code host takes as an attachment.
    public static let byteLimit = 25_000_000

    private let reader: ArchiveReader
    private let repro: Repro
    private let byteLimit: Int

    /// The archive of a script, of at most so many bytes of tensors.
    public init(_ reader: ArchiveReader, for repro: Repro, byteLimit: Int = Self.byteLimit) {
        self.reader = reader
        self.repro = repro
        self.byteLimit = byteLimit
    }

    /// Writes it.
    ///
    /// - Throws: `Repro.Impossible` if the stage alone is too large, `ArchiveError` for what cannot be read or written.
    public func write(to file: String, header: ArchiveHeader) throws {
        let copy = try ArchiveCopy(of: reader)
        guard copy.storedBytes(where: isKept) <= byteLimit else {
            throw Repro.Impossible(
                description:
                    "the \(repro.stage.rawValue) stage alone takes more than \(byteLimit / 1_000_000) MB; record a shorter run"
            )
        }
        let writer = try ArchiveWriter(file: file, header: header)
        try copy.write(into: writer, where: isKept)
        try writer.finish()
    }

    private func isKept(_ path: String) -> Bool {
        let root = "/samples/\(repro.sample)"
        let whole = [
            "/config/model.json", "/config/codec.json", "/config/tokens.json", "/provenance.json",
            "/profile.json",
            "/hooks.json", "/weights/codec.json", "\(root)/profile.json", "\(root)/sample.json",
        ]
        guard !whole.contains(path) else { return true }
        let stage = "\(root)/\(repro.stage.rawValue)"
        guard path.hasPrefix("\(stage)/input/") || path.hasPrefix("\(stage)/captured/") else { return false }
        return !path.hasSuffix("/waveform") || repro.stage != .collator
    }
}
