import AlignmentKit
import ArgumentParser

struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Shows profiles, what differs between them, and how to write your own.",
        discussion: "A profile is a built-in name or a YAML file; docs/profiles.md describes the file.",
        subcommands: [List.self, Show.self, Diff.self, Knobs.self, Schema.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the built-in profiles.", discussion: "Example: higgs-diagnose profile list")
        @OptionGroup var options: FormatOptions

        func run() throws {
            try ProfileList().print(as: options.format)
        }
    }

    /// How the knobs are printed.
    enum KnobsFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json, markdown
    }

    struct Knobs: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists every knob: what it takes, what it does, when it has an effect.",
            discussion: "Example: higgs-diagnose profile knobs")
        @Option(help: "Print text for people, JSON, or the tables of docs/profiles.md.")
        var format = KnobsFormat.text

        func run() throws {
            switch format {
            case .text: try KnobSheet().print(as: .text)
            case .json: try KnobSheet().print(as: .json)
            case .markdown: Console.standard.write(KnobSheet().markdown)
            }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the JSON Schema of a profile's file, for editors.",
            discussion: "Example: higgs-diagnose profile schema > profile.schema.json")

        func run() throws {
            Console.standard.write(json: try JSONText.encode(ProfileSchema.document))
        }
    }
}
