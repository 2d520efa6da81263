import AlignmentKit
import ArgumentParser
import Foundation

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares archives, or folders of archives, tensor by tensor.",
        discussion: """
            The last one is the reference. Samples, stages and tensors are paired by name; what is missing, \
            extra or of another shape or type differs. Folders are paired by file name.

            Example: higgs-diagnose compare run.h5 golden/voice-clone.h5
            Example: higgs-diagnose compare --many runs/*.h5 last-good.h5
            """)

    @Argument(
        help: "Two archives or two folders; with --many any number of archives, all against the last.",
        completion: .file(extensions: ["h5"]))
    var archives: [String]

    @Flag(help: "Compare every archive with the last one and print one table.")
    var many = false

    @Option(
        help: ArgumentHelp(
            "Only tensors of these paths, such as 'decode/captured/**'; may be given more than once.",
            valueName: "pattern"))
    var only: [String] = []

    @Option(help: ArgumentHelp("Only this stage; may be given more than once.", valueName: "stage"))
    var stage: [String] = []

    @Option(
        help: "A tolerance profile (YAML); its rules come before the standard ones.",
        completion: .file(extensions: ["yaml", "yml"]))
    var tolerance: String?

    @Flag(help: "Stop at the first difference.")
    var failFast = false

    @Flag(help: "Skip the check of each tensor's hash.")
    var noVerify = false

    @OptionGroup var options: FormatOptions

    func validate() throws {
        guard archives.count >= 2 else {
            throw ValidationError("compare needs two archives; the last one is the reference.")
        }
        guard many || archives.count == 2 else {
            throw ValidationError("compare takes two archives; --many compares all with the last one.")
        }
        let known = ["collator", "generation", "tokens", "decode"]
        for stage in stage where !known.contains(stage) {
            throw ValidationError("There is no stage \(stage), only \(known.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        let console = Console.standard
        let task: CompareTask
        let pairs: ArchivePairs
        do {
            task = CompareTask(
                left: "", right: "", settings: try settings(), verifiesHashes: !noVerify)
            pairs = try ArchivePairs(archives)
        } catch {
            console.note("\(error)")
            throw ExitCode(2)
        }
        let progress = Progress(total: pairs.paired.count, noun: "comparisons")
        var comparisons: [ArchiveComparison] = []
        var failures: [InputFailure] = []
        var notCompared: [String] = []
        for pair in pairs.paired {
            if failFast, comparisons.last?.passes == false {
                notCompared.append("\(pair.left) against \(pair.right)")
                continue
            }
            var task = task
            (task.left, task.right) = (pair.left, pair.right)
            switch await Worker().perform(
                .compare(task), on: "\(pair.left) against \(pair.right)", as: ArchiveComparison.self)
            {
            case .success(let comparison): comparisons.append(comparison)
            case .failure(let failure): failures.append(failure)
            }
            progress.advance()
        }
        let report = ComparisonReport(
            comparisons: comparisons, unpaired: pairs.unpaired, notCompared: notCompared, failures: failures)
        switch options.format {
        case .json: console.write(json: try JSONText.encode(report))
        case .text:
            let isTable = many || comparisons.count > 8
            console.write(
                TextRenderer(isColoured: console.isColoured).render(report.document(isTable: isTable)))
        }
        for failure in failures { console.note(failure.message) }
        throw ExitCode(Int32(report.exitCode))
    }

    private func settings() throws -> ComparisonSettings {
        var settings = ComparisonSettings()
        settings.only = only.map { PathPattern($0) }
        settings.stages = stage
        settings.failsFast = failFast
        if let tolerance { settings.tolerance = try ToleranceProfile(file: tolerance) }
        return settings
    }
}

/// Which archives are compared with which.
private struct ArchivePairs {
    var paired: [(left: String, right: String)] = []
    var unpaired: [ComparisonReport.UnpairedArchive] = []

    init(_ archives: [String]) throws {
        let reference = archives[archives.count - 1]
        for archive in archives.dropLast() {
            switch (Self.isFolder(archive), Self.isFolder(reference)) {
            case (true, true): try pair(folder: archive, with: reference)
            case (false, false): paired.append((archive, reference))
            case (true, false):
                throw InputFailure(
                    path: archive,
                    message: "\(archive) is a folder and \(reference) is not; give two of a kind.")
            case (false, true):
                throw InputFailure(
                    path: reference,
                    message: "\(reference) is a folder and \(archive) is not; give two of a kind.")
            }
        }
    }

    private mutating func pair(folder left: String, with right: String) throws {
        let names = (try Self.archives(in: left), try Self.archives(in: right))
        guard !names.0.isEmpty || !names.1.isEmpty else {
            throw InputFailure(
                path: left, message: "\(left) and \(right) hold no *.h5 to compare.")
        }
        for name in Set(names.0).union(names.1).sorted() {
            let (own, other) = ("\(left)/\(name)", "\(right)/\(name)")
            switch (names.0.contains(name), names.1.contains(name)) {
            case (true, true): paired.append((own, other))
            case (true, false): unpaired.append(.init(path: own, expected: other))
            default: unpaired.append(.init(path: other, expected: own))
            }
        }
    }

    /// The archives below a folder, by their paths from there.
    private static func archives(in folder: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        let endings = [".h5", ".hdf5"]
        return names.filter { name in endings.contains { name.lowercased().hasSuffix($0) } }.filter {
            !isFolder("\(folder)/\($0)")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
