import AlignmentKit
import ArgumentParser

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Names the cause of what a capture holds, proven by recomputing it.",
        discussion: """
            Of an archive that 'higgs-capture --apply' recorded, the runs as they are are explained, and those with a \
            repair show whether a cause is why a check fails. docs/explain.md says how.

            Exit codes: 0 aligned; 1 a cause was found, or something remains unexplained; 2 nothing could be judged, or \
            the archive could not be read; 64 wrong usage.

            Example: higgs-diagnose explain golden/silent-output.h5
            Example: higgs-diagnose explain broken.h5 --against last-good.h5
            Example: higgs-diagnose explain broken.h5 --log run.log
            Example: higgs-diagnose explain broken.h5 --write-repaired repaired --write-repro issue
            """)

    @Argument(help: "A capture.", completion: .file(extensions: ["h5"]))
    var archive: String

    @Option(
        help: "A capture of a run that was good, in place of a reference profile: what changed since?",
        completion: .file(extensions: ["h5"]))
    var against: String?

    @Flag(help: "Count settings that have an effect as failures.")
    var strict = false

    @Option(
        help:
            "Write the capture without the defects of its tokens and decode stages, and its sound, to a new folder.",
        completion: .directory)
    var writeRepaired: String?

    @Option(
        help:
            "Write the first cause as a script on upstream alone, with the tensors it needs, to a new folder.",
        completion: .directory)
    var writeRepro: String?

    @Option(
        help: ArgumentHelp(
            "Write one HTML page with the causes, both paths' sound, the tokens and the tensors to this file.",
            valueName: "file"),
        completion: .file(extensions: ["html"]))
    var writePage: String?

    @Option(
        help: "What the pipeline printed while it was captured: hold it against what the capture shows.",
        completion: .file())
    var log: String?

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var options: FormatOptions

    func validate() throws {
        if let writeRepaired, writeRepaired == writeRepro {
            throw ValidationError("--write-repaired and --write-repro need a folder each.")
        }
    }

    func run() async throws {
        let console = Console.standard
        let repaired = try OutputFolder.named(writeRepaired)
        let repro = try OutputFolder.named(writeRepro)
        let logged = try log.map(readLog)
        let sounds = try writePage.map { _ in try TemporaryFolder.forSound() }
        var task = ExplainTask(
            file: archive, settings: try analysis.settings(), against: against, isStrict: strict,
            repairedFolder: repaired?.partial, reproFolder: repro?.partial)
        if let sounds { task.view = CaptureViewTask(soundFolder: sounds.path) }
        switch await Worker().perform(.explain(task), on: archive, as: ArchiveExplanation.self) {
        case .failure(let failure):
            console.note(failure.message)
            throw ExitCode(2)
        case .success(let found):
            try repaired?.publish(found.repaired)
            try repro?.publish(found.repro)
            var report = found.report(of: archive)
            report.log = logged.map { LogBeside($0, samples: report.samples) }
            if let writePage {
                try withExtendedLifetime(sounds) { try writeThePage(of: report, found.view, to: writePage) }
            }
            switch options.format {
            case .json: console.write(json: try JSONText.encode(report))
            case .text:
                console.write(TextRenderer(isColoured: console.isColoured).render(report.document))
            }
            throw ExitCode(Int32(report.exitCode))
        }
    }

    private func writeThePage(of report: ExplanationReport, _ view: CaptureView?, to file: String) throws {
        do {
            var page = ReportPage(
                command: "explain", title: archive, verdict: report.verdict.rawValue,
                sentence: report.sentence,
                tool: Version.tool)
            try PageMaker.add([(report.samples, view)], to: &page)
            page.beside = report.beside
            try ReportFile.write(Array(page.html.utf8), to: file)
        } catch {
            Console.standard.note(SafeText.oneLine("\(error)"))
            throw ExitCode(2)
        }
    }

    /// A log in which no line is known is no evidence, but it does not keep the capture from being explained.
    private func readLog(_ file: String) throws -> LogReport {
        do { return LogReport(files: [try LogReader.read(file)]) } catch {
            Console.standard.note("\(error)")
            throw ExitCode(2)
        }
    }
}

/// A new folder that a worker fills; it appears when it is whole, and is removed with this value if it never is.
private final class OutputFolder {
    let name: String
    let partial: String
    private var folder: ExportFolder?

    /// The folder of this name, if one is asked for.
    static func named(_ name: String?) throws -> OutputFolder? {
        guard let name else { return nil }
        do { return OutputFolder(name, try ExportFolder(name)) } catch {
            Console.standard.note("\(error)")
            throw ExitCode(2)
        }
    }

    private init(_ name: String, _ folder: consuming ExportFolder) {
        self.name = name
        partial = folder.partial
        self.folder = consume folder
    }

    /// Gives it its name, or says why there is none.
    func publish(_ written: WrittenFiles?) throws {
        let console = Console.standard
        guard let written, written.reason == nil else {
            console.note("\(name): nothing was written: \(written?.reason ?? "no answer").")
            return
        }
        do { try folder.take()?.publish() } catch {
            console.note("\(error)")
            throw ExitCode(2)
        }
        let files = written.files.joined(separator: ", ")
        console.note("\(name): wrote \(files) (\(written.ids.joined(separator: ", "))).")
    }
}
