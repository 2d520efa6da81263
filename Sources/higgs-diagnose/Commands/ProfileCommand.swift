import AlignmentKit
import ArgumentParser

struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Shows the built-in profiles and what differs between them.",
        subcommands: [List.self, Show.self, Diff.self])

    /// The sentence for a name that no profile has.
    static func unknown(_ name: String) -> String {
        "There is no profile \"\(name)\"; the profiles are "
            + ProfileDescription.builtin.map(\.name).joined(separator: ", ") + "."
    }

    static func named(_ name: String) throws -> ProfileDescription {
        guard let profile = ProfileDescription.named(name) else { throw ValidationError(unknown(name)) }
        return profile
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the built-in profiles.", discussion: "Example: higgs-diagnose profile list")
        @OptionGroup var options: FormatOptions

        func run() throws {
            try ProfileList().print(as: options.format)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows every knob of a profile and where its value was read.",
            discussion: "Example: higgs-diagnose profile show serve-engine")
        @Argument(help: "The profile's name.") var name: String
        @OptionGroup var options: FormatOptions

        func run() throws {
            try ProfileSheet(try ProfileCommand.named(name)).print(as: options.format)
        }
    }

    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says in which knobs two profiles differ.",
            discussion: """
                Values that come from the model's configuration are those of the released model.

                Example: higgs-diagnose profile diff silent-output serve-engine
                """)
        @Argument(help: "The first profile.") var left: String
        @Argument(help: "The second profile.") var right: String
        @OptionGroup var options: FormatOptions

        func run() throws {
            let diff = ProfileDifference(try ProfileCommand.named(left), try ProfileCommand.named(right))
            try diff.print(as: options.format)
            if !diff.knobs.isEmpty { throw ExitCode(1) }
        }
    }
}
