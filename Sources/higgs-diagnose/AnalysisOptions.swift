import AlignmentKit
import ArgumentParser

/// What every command that runs stages takes.
struct AnalysisOptions: ParsableArguments {
    @Option(help: "The profile of the aligned path; see 'profile list'.")
    var reference = "serve-engine"

    @Option(
        help: "An archive with the codec's weights, if the capture's own reference does not find them.",
        completion: .file(extensions: ["h5"]))
    var codec: String?

    @Flag(help: "Skip the check of each tensor's hash.")
    var noVerify = false

    func validate() throws {
        guard ProfileDescription.named(reference) != nil else {
            throw ValidationError(ProfileCommand.unknown(reference))
        }
    }

    /// The same for the worker.
    var settings: AnalysisSettings {
        AnalysisSettings(reference: reference, codec: codec, verifiesHashes: !noVerify)
    }
}
