import AlignmentKit
import ArgumentParser

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Turns the lines of a log into findings: what each means, and what it does not mean.",
        discussion: """
            Knows the lines of upstream, of the silent pipeline and its descendants, of transformers and of serving \
            stacks; every other line is ignored. docs/log.md has them.

            Exit codes: 0 nothing wrong was found; 1 the log proves that something is wrong; 2 no line is known, or a \
            log could not be read; 64 wrong usage.

            Example: higgs-diagnose log run.log
            """)

    @Argument(help: "Logs of any length, or - for standard input.", completion: .file())
    var logs: [String]

    @Flag(help: "Show each request, not only what was found.")
    var all = false

    @OptionGroup var options: FormatOptions

    func run() throws {
        let report = LogReader.read(logs)
        let console = Console.standard
        switch options.format {
        case .json: console.write(json: try JSONText.encode(report))
        case .text:
            console.write(
                TextRenderer(isColoured: console.isColoured).render(report.document(withRequests: all)))
        }
        for failure in report.failures { console.note(failure.message) }
        throw ExitCode(Int32(report.exitCode))
    }
}
