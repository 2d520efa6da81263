import ArgumentParser

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// The option that every command takes.
struct FormatOptions: ParsableArguments {
    @Option(help: "Print text for people, or JSON alone on standard output.")
    var format = OutputFormat.text
}
