import AlignmentKit
import ArgumentParser

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Names the cause of what a capture holds, proven by recomputing it.",
        discussion: """
            Exit codes: 0 aligned; 1 a cause was found, or something remains unexplained; 2 nothing could be judged, or \
            the archive could not be read; 64 wrong usage.

            Example: higgs-diagnose explain golden/silent-output.h5
            Example: higgs-diagnose explain broken.h5 --against last-good.h5
            """)

    @Argument(help: "A capture.", completion: .file(extensions: ["h5"]))
    var archive: String

    @Option(
        help: "A capture of a run that was good, in place of a reference profile: what changed since?",
        completion: .file(extensions: ["h5"]))
    var against: String?

    @Flag(help: "Count settings that have an effect as failures.")
    var strict = false

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var options: FormatOptions

    func run() async throws {
        let console = Console.standard
        let task = ExplainTask(
            file: archive, settings: try analysis.settings(), against: against, isStrict: strict)
        switch await Worker().perform(.explain(task), on: archive, as: ArchiveExplanation.self) {
        case .failure(let failure):
            console.note(failure.message)
            throw ExitCode(2)
        case .success(let found):
            guard let report = ExplanationReport(found.samples) else { throw ExitCode(2) }
            switch options.format {
            case .json: console.write(json: try JSONText.encode(report))
            case .text:
                console.write(TextRenderer(isColoured: console.isColoured).render(report.document))
            }
            throw ExitCode(Int32(report.exitCode))
        }
    }
}
