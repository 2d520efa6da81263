import AlignmentKit

/// A look into one archive.
struct InspectTask: Codable, Sendable {
    var file: String
    var request: Inspection.Request
}

extension InspectTask {
    /// Does the work, in the worker process.
    func run() throws -> Inspection {
        guard let reference = ProfileDescription.named(request.reference) else {
            preconditionFailure("the command has checked the reference's name")
        }
        return try Inspection(file: file, request, reference: reference)
    }
}
