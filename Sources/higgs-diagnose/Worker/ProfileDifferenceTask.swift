import AlignmentKit

/// Two profiles on the facts of one archive; the first is the settings' profile, the second their reference.
struct ProfileDifferenceTask: Codable, Sendable {
    var file: String
    var settings: AnalysisSettings
}

extension ProfileDifferenceTask {
    /// Does the work, in the worker process.
    func run() throws -> ProfileDifference {
        let (capture, codec) = try settings.open(file)
        return ProfileDifference(
            settings.profile ?? settings.reference, settings.reference, on: capture, codec: codec)
    }
}
