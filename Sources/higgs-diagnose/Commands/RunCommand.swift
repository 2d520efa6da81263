import AlignmentKit
import ArgumentParser
import Foundation

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs all stages of archives down both paths and says what differs.",
        discussion: """
            Example: higgs-diagnose run golden/*.h5 --out reports
            Example: higgs-diagnose run run.h5 --profile my-pipeline.yaml
            """)

    @Argument(help: "Archives: captures or goldens.", completion: .file(extensions: ["h5"]))
    var archives: [String]

    @Option(
        help: "Write <archive>/report.md, report.json and the sound of both paths into this folder.",
        completion: .directory)
    var out: String?

    @Flag(help: "Count settings that have an effect as failures.")
    var strict = false

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var options: FormatOptions

    func run() async throws {
        let results = await analyses(under: try analysis.settings())
        let report = RunReport(
            samples: results.flatMap { (try? $0.get().samples) ?? [] },
            failures: results.compactMap { if case .failure(let failure) = $0 { failure } else { nil } })
        try Console.standard.publish(report, as: options.format)
    }

    /// Every archive in a worker of its own, as many at a time as there are cores, in the given order.
    private func analyses(under settings: AnalysisSettings) async -> [Result<ArchiveRun, InputFailure>] {
        let progress = Progress(total: archives.count, noun: "archives")
        let folders = ReportFolder.names(for: archives)
        let cores = max(ProcessInfo.processInfo.activeProcessorCount, 1)
        return await withTaskGroup(of: (Int, Result<ArchiveRun, InputFailure>).self) { group in
            var results = [Result<ArchiveRun, InputFailure>?](repeating: nil, count: archives.count)
            var next = 0
            func start() {
                guard next < archives.count else { return }
                let index = next
                next += 1
                group.addTask {
                    let result = await analysis(of: archives[index], under: settings, into: folders[index])
                    progress.advance()
                    return (index, result)
                }
            }
            for _ in 0..<cores { start() }
            for await (index, result) in group {
                results[index] = result
                start()
            }
            return results.compactMap { $0 }
        }
    }

    private func analysis(
        of archive: String, under settings: AnalysisSettings, into name: String
    ) async -> Result<ArchiveRun, InputFailure> {
        var task = RunTask(file: archive, settings: settings, isStrict: strict)
        guard let out else { return await Worker().perform(.run(task), on: archive, as: ArchiveRun.self) }
        do {
            let folder = try ReportFolder(named: name, in: out)
            task.soundFolder = folder.partial
            let result = await Worker().perform(.run(task), on: archive, as: ArchiveRun.self)
            guard case .success(let run) = result else { return result }
            let report = RunReport(samples: run.samples, failures: [])
            try folder.write(MarkdownRenderer().render(report.document), to: "report.md")
            try folder.write(
                String(decoding: JSONText.encode(report), as: UTF8.self) + "\n", to: "report.json")
            try folder.publish()
            return result
        } catch {
            return .failure(
                InputFailure(
                    path: archive, message: "\(out): the report of \(archive) was not written: \(error)."))
        }
    }
}
