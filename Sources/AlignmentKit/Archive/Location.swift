internal import CHDF5

/// A file and an object of it, to say in errors where something failed.
struct Location {
    let file: String
    let path: String?

    func error(_ reason: ArchiveError.Reason) -> ArchiveError {
        ArchiveError(file: file, path: path, reason)
    }

    /// The error of the library call that just failed; `operation` completes "could not be".
    func libraryError(_ operation: String) -> ArchiveError {
        error(.library(operation: operation, frames: Library.errorStack()))
    }

    /// Takes over an identifier that the library just handed out.
    func own(_ id: hid_t, _ operation: String) throws(ArchiveError) -> Handle {
        guard let handle = Handle(owning: id) else { throw libraryError(operation) }
        return handle
    }

    /// Throws if a library call failed, and hands on what it returned.
    @discardableResult
    func check<Status: SignedInteger>(_ status: Status, _ operation: String) throws(ArchiveError) -> Status {
        guard status >= 0 else { throw libraryError(operation) }
        return status
    }

    /// Throws if a figure is over its limit.
    func limit(
        _ found: Int, to allowed: Int, _ limit: ArchiveError.Limit
    ) throws(ArchiveError) {
        guard found <= allowed else {
            throw error(.overLimit(limit, found: "\(found)", allowed: "\(allowed)"))
        }
    }
}
