import AlignmentKit
import ArgumentParser

/// What every command that runs stages takes.
struct AnalysisOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The profile of the aligned path: a name of 'profile list', or a YAML file.",
            valueName: ProfileChoice.valueName))
    var reference = "serve-engine"

    @Option(
        help: ArgumentHelp(
            "The profile of the current path, in place of the captured one.",
            valueName: ProfileChoice.valueName))
    var profile: String?

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        try ProfileChoice.validate(reference)
        if let profile { try ProfileChoice.validate(profile) }
    }

    /// The same for the worker; profiles are read here.
    func settings() throws -> AnalysisSettings {
        reading.settings(
            reference: try ProfileChoice.profile(reference), profile: try profile.map(ProfileChoice.profile))
    }
}
