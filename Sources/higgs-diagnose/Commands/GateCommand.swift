import AlignmentKit
import ArgumentParser
import Foundation

struct GateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Says whether a release may go out, by a policy: over captures, sound files and logs.",
        discussion: """
            docs/gate.md explains policies, docs/ci.md how to put the gate into CI.

            Exit codes: 0 passed; 1 something fails; 2 something could not be compared, or nothing was; 64 wrong usage.

            Example: higgs-diagnose gate --init > policy.yaml
            Example: higgs-diagnose gate --policy policy.yaml captures/ sound/ run.log --out gate
            """)

    @Argument(
        help: "Captures, sound files, logs, folders of them, patterns such as 'out/*.wav', or - for a log.",
        completion: .file())
    var inputs: [String] = []

    @Option(
        help: ArgumentHelp("What must hold: a YAML file; --init prints one.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var policy: String?

    @Flag(name: .customLong("init"), help: "Print a policy with every key, explained, and do nothing else.")
    var printsTemplate = false

    @Option(
        help: ArgumentHelp(
            "An earlier report.json: say what is new, what is fixed, and which figures moved.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var baseline: String?

    @Flag(help: "Let warnings, and settings that have an effect, fail, whatever the policy says.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "Write report.json, report.md, report.html and junit.xml into this folder.", valueName: "folder"),
        completion: .directory)
    var out: String?

    @Flag(help: "Write GitHub's annotations to standard error.")
    var annotations = false

    @Option(help: ArgumentHelp("Judge waivers as of this day, such as 2026-12-31.", valueName: "day"))
    var on: String?

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var options: FormatOptions

    func validate() throws {
        if printsTemplate {
            let others = [policy, baseline, out, on].compactMap(\.self)
            guard inputs.isEmpty, others.isEmpty, !strict, !annotations else {
                throw ValidationError("--init takes neither inputs nor other options.")
            }
            return
        }
        guard policy != nil else {
            throw ValidationError(
                "gate needs --policy; 'higgs-diagnose gate --init' prints one to begin with.")
        }
        if inputs.isEmpty {
            throw ValidationError("gate needs inputs: captures, sound files, logs, or folders of them.")
        }
        if let on, GateDay(on) == nil {
            throw ValidationError("--on is \"\(on)\", expected a day such as 2026-12-31.")
        }
    }

    func run() async throws {
        let console = Console.standard
        guard !printsTemplate, let policy else { return console.write(GatePolicy.template) }
        let set: SetUp
        do { set = try SetUp(policy: policy, baseline: baseline, strict: strict) } catch {
            console.note(SafeText.oneLine(SoundResult.sentence("\(error)")))
            throw ExitCode(2)
        }
        let found = GateInputs(at: inputs)
        let sounds = try out.map { _ in try TemporaryFolder.forSound() }
        let work = GateWork(
            policy: set.policy, sound: set.sound, tolerance: set.tolerance,
            settings: reading.settings(reference: set.reference), soundFolder: sounds?.path)
        let (evidence, views) = await work.run(found)
        let report = Gate(set.policy, sound: set.sound, today: day).report(
            evidence, inputs: found.found, baseline: set.baseline, file: policy, tool: Version.tool)
        if let out {
            do {
                let files = try withExtendedLifetime(sounds) {
                    try GateFiles(report, evidence: evidence, views: views, sound: set.sound)
                }
                try files.write(into: out)
                if let problem = files.pageProblem {
                    throw InputFailure(path: out, message: "\(out)/report.html could not be made: \(problem)")
                }
            } catch {
                console.note(SafeText.oneLine("\(error)"))
                throw ExitCode(2)
            }
        }
        switch options.format {
        case .json: console.write(json: try JSONText.encode(report))
        case .text:
            console.write(TextRenderer(isColoured: console.isColoured).render(report.document(rows: 40)))
        }
        for message in report.messages { console.note(Self.message(message)) }
        if annotations { for line in report.annotations { console.note(line) } }
        throw ExitCode(Int32(report.exitCode))
    }

    /// A message that CI takes for no command of its own: it may begin with a name from outside.
    private static func message(_ text: String) -> String {
        let line = SafeText.oneLine(text)
        let start = line.drop(while: \.isWhitespace)
        return start.hasPrefix("::") || start.hasPrefix("##[") ? "gate: \(line)" : line
    }

    /// The day that waivers are judged by: today, in UTC, unless another was given.
    private var day: GateDay {
        let today = Date.now.formatted(.iso8601.year().month().day())
        // Both are days: one was checked, the other is made.
        return GateDay(on ?? today)!
    }

    /// What is read before anything is judged.
    private struct SetUp {
        var policy: GatePolicy
        let sound: SoundProfile
        let reference: ProfileDescription
        let tolerance: ToleranceProfile
        let baseline: (file: String, report: GateReport)?

        init(policy file: String, baseline: String?, strict: Bool) throws {
            var policy = try GatePolicy(file: file)
            if strict { policy.isStrict = true }
            self.policy = policy
            sound = try policy.sound.profile.map { try SoundProfile(file: $0) } ?? .standard
            let name = policy.captures.reference
            reference = try ProfileDescription.named(name) ?? ProfileDescription(file: name)
            tolerance = try policy.captures.tolerances.map { try ToleranceProfile(file: $0) } ?? .standard
            self.baseline = try baseline.map { ($0, try GateReport(file: $0)) }
            if baseline == nil, let bound = policy.required.first(where: { $0.changeAtMost != nil }) {
                throw InputFailure(
                    path: file,
                    message: "\(file) bounds how far \(bound.metric.rawValue) may move; "
                        + "give the report to hold it against as --baseline.")
            }
        }
    }
}

/// A folder that is there as long as this value is.
final class TemporaryFolder {
    let path: String

    /// One for the sound of a page; that there can be none is said on standard error, and is exit code 2.
    static func forSound() throws -> TemporaryFolder {
        do { return try TemporaryFolder() } catch {
            Console.standard.note(SafeText.oneLine("\(error)"))
            throw ExitCode(2)
        }
    }

    private init() throws(InputFailure) {
        let name = "higgs-diagnose-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        Interruption.begin(folder: path)
        try ReportFile.makeFolder(path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        Interruption.end(folder: path)
    }
}
