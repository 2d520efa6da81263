import AlignmentKit
import ArgumentParser

/// What every command that reads a capture and its codec takes.
struct ReadingOptions: ParsableArguments {
    @Option(
        help: "An archive with the codec's weights, if the capture's own reference does not find them.",
        completion: .file(extensions: ["h5"]))
    var codec: String?

    @Flag(help: "Skip the check of each tensor's hash.")
    var noVerify = false

    /// The same for the worker.
    func settings(reference: ProfileDescription, profile: ProfileDescription? = nil) -> AnalysisSettings {
        AnalysisSettings(
            reference: reference, profile: profile, codec: codec, verifiesHashes: !noVerify)
    }
}
