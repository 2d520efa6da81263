import AlignmentKit
import ArgumentParser
import Foundation

struct AudioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audio",
        abstract: "Measures sound files and says what is wrong with each and with all of them.",
        discussion: """
            Reads WAV, FLAC, OGG and whatever else libsndfile reads, in files of any length. docs/audio.md has the \
            measures, the verdicts and their thresholds.

            Exit codes: 0 every file is plausible, cut off or has a long gap; 1 one has another verdict; 2 a file \
            could not be read, or there was none; 64 wrong usage.

            Example: higgs-diagnose audio out/ --max-new-tokens 1024
            """)

    @Argument(
        help:
            "Sound files, folders of them, patterns such as 'out/*.wav', or - for a list of paths, one a line.",
        completion: .file())
    var paths: [String]

    @Option(help: ArgumentHelp("The limit on new tokens that all files were generated with.", valueName: "n"))
    var maxNewTokens: Int?

    @Option(
        help: ArgumentHelp(
            "A folder with the text of each file, by the same name and .txt: the limit follows from its length.",
            valueName: "folder"))
    var transcript: String?

    @Option(help: "How the limit follows from a text: as the story's script has it, or its earlier versions.")
    var budgetFormula: BudgetFormula?

    @Option(help: ArgumentHelp("A YAML file of thresholds; docs/audio.md has its keys.", valueName: "file"))
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "The recording in whose voice the files were to be spoken: compare level, rate, spectrum, beginning.",
            valueName: "file"))
    var reference: String?

    @Option(
        help: ArgumentHelp(
            "Draw the sounds of each folder, the worst first and up to 200, as one SVG file in this folder.",
            valueName: "folder"))
    var plots: String?

    @Flag(help: "Measure only what the verdicts need: no loudness, no seams.")
    var quick = false

    @Flag(help: "Measure the true peak too.")
    var truePeak = false

    @Flag(help: "Show every file, not only the first 40.")
    var all = false

    @Option(
        help: ArgumentHelp("Files measured at once; by default as many as there are cores.", valueName: "n"))
    var jobs: Int?

    @OptionGroup var options: FormatOptions

    func validate() throws {
        if let maxNewTokens, maxNewTokens < 1 {
            throw ValidationError("--max-new-tokens is \(maxNewTokens), expected at least 1.")
        }
        if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs), expected at least 1.") }
        if maxNewTokens != nil, transcript != nil {
            throw ValidationError("--max-new-tokens and --transcript both say what the limit is; give one.")
        }
        if budgetFormula != nil, transcript == nil {
            throw ValidationError("--budget-formula needs texts; give their folder as --transcript.")
        }
    }

    func run() async throws {
        let console = Console.standard
        let found = SoundFiles.found(at: listed())
        for problem in found.problems { console.note(SoundResult.sentence("\(problem)")) }
        guard !found.files.isEmpty else {
            if found.problems.isEmpty {
                console.note("No path was given; name sound files or folders of them.")
            }
            throw ExitCode(2)
        }
        let setUp: SetUp
        do { setUp = try SetUp(self, files: found.files) } catch {
            console.note(SoundResult.sentence("\(error)"))
            throw ExitCode(2)
        }
        let survey = SoundSurvey(
            meter: SoundMeter(isQuick: quick, withTruePeak: truePeak), judge: SoundJudge(setUp.profile),
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, reference: setUp.voice)
        let progress = Progress(total: found.files.count, noun: "files")
        let run = await survey.run(found.files, budgets: setUp.budgets) { progress.advance() }
        for why in run.files.compactMap({ $0.evidence[SoundVerdict.unreadable.rawValue] }) {
            console.note(SafeText.oneLine(why))
        }
        let report = SoundReport(run, profile: setUp.profile)
        switch options.format {
        case .json: console.write(json: try JSONText.encode(report))
        case .text where run.files.contains { $0.measures != nil }:
            let document = report.document(rows: all ? nil : 40)
            console.write(TextRenderer(isColoured: console.isColoured).render(document))
        case .text: break
        }
        if let plots {
            do { try SoundSheets(run, warnings: setUp.profile.warnings).write(into: plots) } catch {
                console.note("\(plots): the pictures could not be written: \(SoundSheets.words(for: error))")
                throw ExitCode(2)
            }
        }
        throw ExitCode(Int32(found.problems.isEmpty ? run.exitCode : 2))
    }

    /// What is read before anything is measured.
    private struct SetUp {
        let profile: SoundProfile
        let voice: ReferenceVoice?
        let budgets: [String: TokenBudget]?

        init(_ command: AudioCommand, files: [String]) throws {
            profile = try command.profile.map { try SoundProfile(file: $0) } ?? .standard
            voice = try command.reference.map { try ReferenceVoice($0) }
            let transcripts = try command.transcript.map { try TranscriptFolder($0) }
            budgets = try command.budgets(of: files, transcripts)
        }
    }

    /// The paths given, with those of the list in place of -.
    private func listed() -> [String] {
        paths.flatMap { path in
            guard path == "-" else { return [path] }
            var lines: [String] = []
            while let line = readLine() { if !line.isEmpty { lines.append(line) } }
            return lines
        }
    }

    private func budgets(of files: [String], _ transcripts: TranscriptFolder?) throws -> [String:
        TokenBudget]?
    {
        if let maxNewTokens {
            return Dictionary(uniqueKeysWithValues: files.map { ($0, TokenBudget(tokens: maxNewTokens)) })
        }
        guard let transcripts, let formula = (budgetFormula ?? .story).formula else { return nil }
        var budgets: [String: TokenBudget] = [:]
        for file in files {
            if let text = try transcripts.text(for: file) {
                budgets[file] = TokenBudget(formula, transcript: text)
            }
        }
        return budgets
    }
}

/// The formulas of `AdaptiveBudget`, by the names of the command line.
enum BudgetFormula: String, ExpressibleByArgument, CaseIterable {
    case story
    case storyEarly = "story-early"

    var formula: AdaptiveBudget? { AdaptiveBudget(self == .story ? .adaptive : .adaptive150) }
}
