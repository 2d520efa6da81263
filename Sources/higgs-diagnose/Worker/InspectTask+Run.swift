import AlignmentKit

/// A look into one archive.
struct InspectTask: Codable, Sendable {
    var file: String
    var request: Inspection.Request
    var reference: ProfileDescription
}

extension InspectTask {
    /// Does the work, in the worker process.
    func run() throws -> Inspection {
        try Inspection(file: file, request, reference: reference)
    }
}
