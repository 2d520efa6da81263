import AlignmentKit
import ArgumentParser

struct SamplingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sampling",
        abstract: "Says which sampling parameters really acted, and whether EOS had a chance.",
        discussion: """
            Works from recorded logits and tokens. Where processed scores were recorded, they decide temperature, \
            top_k and top_p exactly. Without them, the draws exclude settings that cannot, or hardly could, have made \
            them. docs/sampling.md has the tests and what they can tell.

            Exit codes: 0 nothing contradicts the declared parameters, and logits agree with the good run's; 1 \
            something does, or they differ by more than rounding; 2 nothing could be judged or compared, or an archive \
            could not be read; 64 wrong usage.

            Example: higgs-diagnose sampling golden/voice-clone.h5 --plots plots
            """)

    @Argument(help: "Archives.", completion: .file(extensions: ["h5"]))
    var archives: [String]

    @Option(
        help: ArgumentHelp(
            "The profile whose values stand for what a capture does not declare: a name of 'profile list', or a YAML file.",
            valueName: ProfileChoice.valueName))
    var reference = "serve-engine"

    @Option(
        help: "A good run of the same request: how far the logits are from its own, and in what way.",
        completion: .file(extensions: ["h5"]))
    var against: String?

    @Option(
        help: "Contradict a setting that acted with this probability at most, over an archive's requests.")
    var level = 1e-4

    @Option(
        help: "A folder for a picture of each request's steps, <archive>/<sample>.svg.",
        completion: .directory)
    var plots: String?

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: FormatOptions

    func validate() throws {
        try ProfileChoice.validate(reference)
        guard level > 0, level < 1 else {
            throw ValidationError(
                "--level is \(level); it takes a probability between 0 and 1, such as 1e-4.")
        }
    }

    func run() async throws {
        let settings = reading.settings(reference: try ProfileChoice.profile(reference))
        let progress = Progress(total: archives.count, noun: "archives")
        var samples: [ArchiveSampling.Sample] = []
        var failures: [InputFailure] = []
        let folders = ReportFolder.names(for: archives)
        for (archive, folder) in zip(archives, folders) {
            let task = SamplingTask(file: archive, settings: settings, against: against, level: level)
            switch await Worker().perform(.sampling(task), on: archive, as: ArchiveSampling.self) {
            case .success(let found):
                samples += found.samples
                if let plots, let problem = draw(found, into: plots, named: folder) {
                    failures.append(InputFailure(path: archive, message: "\(archive): \(problem)"))
                }
            case .failure(let failure): failures.append(failure)
            }
            progress.advance()
        }
        let report = SamplingReport(
            samples: samples.map(\.findings), pooled: pools(samples), failures: failures)
        try Console.standard.publish(report, as: options.format)
    }

    /// Draws the requests of an archive; gives what went wrong.
    private func draw(_ found: ArchiveSampling, into plots: String, named name: String) -> String? {
        let pictures = found.samples.compactMap { sample in
            SamplingPicture(sample.findings).map { (name: "\(sample.findings.sample).svg", $0.svg) }
        }
        guard !pictures.isEmpty else {
            Console.standard.note(
                "\(plots)/\(name): nothing was drawn: no logits of live cells were recorded.")
            return nil
        }
        do {
            let folder = try ReportFolder(named: name, in: plots)
            for (file, picture) in pictures { try folder.write(picture, to: file) }
            try folder.publish()
            return nil
        } catch {
            return "its pictures could not be written to \(plots)/\(name); name a folder that can be written"
        }
    }

    private func pools(_ samples: [ArchiveSampling.Sample]) -> [PooledDraws] {
        let requests = samples.compactMap { sample in
            sample.draws.map { draws in
                (
                    name: "\(sample.findings.path) \(sample.findings.sample)", draws: draws,
                    repaired: sample.repaired
                )
            }
        }
        let tests = samples.count + Set(samples.map(\.repaired)).count
        return PooledDraws.pools(requests, level: level / Double(tests))
    }
}
