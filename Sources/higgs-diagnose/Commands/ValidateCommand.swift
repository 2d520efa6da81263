import AlignmentKit
import ArgumentParser

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks the conditioning of captures: Whisper, special tokens, codec, reference, settings.",
        discussion: """
            Each check looks at recorded facts first, then at what the capture declares. docs/validate.md has the \
            checks.

            Exit codes: 0 no check failed; 1 one did; 2 nothing could be decided, or an archive could not be read; \
            64 wrong usage.

            Example: higgs-diagnose validate golden/*.h5
            """)

    @Argument(help: "Archives.", completion: .file(extensions: ["h5"]))
    var archives: [String]

    @Option(
        help: ArgumentHelp(
            "The profile judged against: a name of 'profile list', or a YAML file.",
            valueName: ProfileChoice.valueName))
    var reference = "serve-engine"

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: FormatOptions

    func validate() throws { try ProfileChoice.validate(reference) }

    func run() async throws {
        let settings = reading.settings(reference: try ProfileChoice.profile(reference))
        let progress = Progress(total: archives.count, noun: "archives")
        var samples: [SampleValidation] = []
        var failures: [InputFailure] = []
        for archive in archives {
            let task = ValidateTask(file: archive, settings: settings)
            switch await Worker().perform(.validate(task), on: archive, as: ArchiveValidation.self) {
            case .success(let found): samples += found.samples
            case .failure(let failure): failures.append(failure)
            }
            progress.advance()
        }
        let report = ValidationReport(samples: samples, failures: failures)
        try Console.standard.publish(report, as: options.format)
    }
}
