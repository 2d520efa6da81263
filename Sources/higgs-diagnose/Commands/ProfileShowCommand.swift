import AlignmentKit
import ArgumentParser

extension ProfileCommand {
    /// How a profile is printed.
    enum ShowFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json, yaml
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows every knob of a profile and where its value was read.",
            discussion: """
                With --format yaml it prints a file that reads back as the same profile: the way to start your own.

                Example: higgs-diagnose profile show serve-engine --format yaml > mine.yaml
                """)
        @Argument(help: "A built-in profile, or a YAML file.") var profile: String
        @Option(help: "Print text for people, JSON, or a profile's file; alone on standard output.")
        var format = ShowFormat.text

        func validate() throws { try ProfileChoice.validate(profile) }

        func run() throws {
            let profile = try ProfileChoice.profile(profile)
            switch format {
            case .text: try ProfileSheet(profile).print(as: .text)
            case .json: try ProfileSheet(profile).print(as: .json)
            case .yaml: Console.standard.write(profile.yaml)
            }
        }
    }
}
