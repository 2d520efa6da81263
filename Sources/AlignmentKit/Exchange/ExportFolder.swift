internal import AlignmentFiles

/// The folder of an export, which appears under its name when it is whole.
///
/// It is filled under a temporary name and removed with this value unless it was published. A folder that
/// holds something is never replaced.
public struct ExportFolder: ~Copyable, Sendable {
    /// Where to write until it is whole.
    public let partial: String
    private let name: String
    private let folder: AtomicFolder

    /// Makes the temporary folder.
    public init(_ name: String) throws(ExchangeError) {
        let folder = try Self.folder(name)
        partial = folder.path
        self.name = name
        self.folder = folder
    }

    private static func folder(_ name: String) throws(ExchangeError) -> AtomicFolder {
        do { return try AtomicFolder(creating: name) } catch {
            throw ExchangeError(file: name, error, operation: "made")
        }
    }

    /// Brings everything to the disk and gives the folder its name.
    public consuming func publish() throws(ExchangeError) {
        let name = name
        do { try folder.publish() } catch { throw ExchangeError(file: name, error, operation: "written") }
    }
}
