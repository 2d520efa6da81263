import AlignmentKit
import ArgumentParser

/// The files that tensors are written to.
enum TensorFiles: String, ExpressibleByArgument, CaseIterable {
    case npy, safetensors

    var style: ArchiveExport.Style {
        switch self {
        case .npy: .npy
        case .safetensors: .safetensors
        }
    }
}

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes an archive's tensors as .npy or .safetensors files.",
        discussion: """
            The folder also gets the texts and a manifest.json, so that 'import' makes the archive again. \
            bfloat16, which .npy does not have, is written there as uint16, and the manifest says so.

            Example: higgs-diagnose export golden/plain.h5 --out plain --only 'tokens/**'
            """)

    @Argument(help: "The archive.", completion: .file(extensions: ["h5"]))
    var archive: String

    @Option(help: "The folder to make; it must not hold anything yet.", completion: .directory)
    var out: String

    @Option(
        help:
            ArgumentHelp(
                "Only tensors of these paths, such as 'decode/captured/**'; may be given more than once.",
                valueName: "pattern")
    )
    var only: [String] = []

    @Option(name: .customLong("as"), help: "One .npy for each tensor, or one .safetensors for each request.")
    var files = TensorFiles.npy

    @Flag(help: "Skip the check of each tensor's hash.")
    var noVerify = false

    @OptionGroup var options: FormatOptions

    func run() async throws {
        do {
            let folder = try ExportFolder(out)
            let task = ExportTask(
                file: archive, folder: folder.partial, style: files.style, only: only.map { PathPattern($0) },
                verifiesHashes: !noVerify)
            switch await Worker().perform(.export(task), on: archive, as: ExportReport.self) {
            case .failure(let failure):
                Console.standard.note(failure.message)
                throw ExitCode(2)
            case .success(var report):
                try folder.publish()
                report.folder = out
                try report.print(as: options.format)
            }
        } catch let error as ExchangeError {
            Console.standard.note("\(error)")
            throw ExitCode(2)
        }
    }
}

extension ExportReport: Printable {
    /// What was exported, for people.
    var document: Document {
        var document = Document()
        let of = leftOut.isEmpty ? "" : " of \(tensors + pythonNones + leftOut.count)"
        document.blocks = [
            .paragraph(
                "\(folder): \(counted(tensors, "tensor")) of \(tensorBytes) bytes, \(counted(pythonNones, "None"))\(of) "
                    + "and \(counted(texts, "text")) from \(file).")
        ]
        let notes =
            aliases.map { "\($0) is a second name, written as a value of its own" }
            + asIs.map { "\($0) breaks the format's rules and is to be imported as it is" }
        if !notes.isEmpty { document.blocks.append(.list(notes)) }
        return document
    }
}
