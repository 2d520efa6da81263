import AlignmentKit
import ArgumentParser

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows what archives hold: every object, who made them, their profile, values.",
        discussion: """
            Without --tensor and --diff-profile: provenance, the knobs that differ from the reference, and every \
            object with its type, size and shape.

            Exit codes: 0 all was shown; 2 an archive, an object or a path could not be read; 64 wrong usage.

            Example: higgs-diagnose inspect golden/voice-clone.h5
            """)

    @Argument(help: "Archives.", completion: .file(extensions: ["h5"]))
    var archives: [String]

    @Option(
        name: .customLong("tensor"),
        help: ArgumentHelp(
            "Show the values of this object and figures over them; may be given several times.",
            valueName: "path"))
    var tensors: [String] = []

    @Flag(help: "Show the captured profile against the reference, knob by knob.")
    var diffProfile = false

    @Option(
        help: ArgumentHelp(
            "The profile that the captured one is compared with: a name of 'profile list', or a YAML file.",
            valueName: ProfileChoice.valueName))
    var reference = "serve-engine"

    @Flag(help: "Skip the check of the hash of each tensor shown.")
    var noVerify = false

    @OptionGroup var options: FormatOptions

    func validate() throws {
        try ProfileChoice.validate(reference)
    }

    func run() async throws {
        let profile = try ProfileChoice.profile(reference)
        let request = Inspection.Request(
            tensors: tensors, showsProfile: diffProfile, reference: profile.name, verifiesHashes: !noVerify)
        try await ArchiveResults<Inspection>.report(on: archives, as: options.format) {
            .inspect(InspectTask(file: $0, request: request, reference: profile))
        } problems: {
            $0.problems
        } passes: {
            $0.problems.isEmpty
        }
    }
}
