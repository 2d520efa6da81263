import AlignmentKit
import ArgumentParser

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes an archive of dumps: .npy, .safetensors or raw files and a manifest.",
        discussion: """
            For pipelines without Python. docs/porting.md says what to dump, in which shape, and shows a \
            program that does.

            Example: higgs-diagnose import dumps --out run.h5
            """)

    @Argument(help: "The folder that holds manifest.json and the dumps.", completion: .directory)
    var folder: String

    @Option(help: "The archive to write.", completion: .file(extensions: ["h5"]))
    var out: String

    @OptionGroup var options: FormatOptions

    func run() async throws {
        do {
            let plan = try ImportPlan(folder: folder)
            var report = try plan.write(to: out, createdBy: "higgs-diagnose \(Version.current)")
            report.unknownKnobs = Set(try plan.profileKeys).filter { Knob.named($0) == nil }.sorted()
            try report.print(as: options.format)
        } catch {
            Console.standard.note("\(error)")
            throw ExitCode(2)
        }
    }
}

extension ImportReport: Printable {
    /// What was imported, for people.
    var document: Document {
        var document = Document()
        document.blocks = [
            .paragraph(
                "\(file): \(counted(tensors, "tensor")) of \(tensorBytes) bytes, \(counted(pythonNones, "None")) and "
                    + "\(counted(texts, "text")) from \(folder).")
        ]
        if !samples.isEmpty {
            document.blocks.append(
                .list(samples.map { "request \($0.name): \($0.parts.joined(separator: ", "))" }))
        }
        let notes =
            namedConfigurations.map { "\($0), as the manifest names it" }
            + widened.map { "\($0.path): widened from \($0.from) to \($0.to)" }
            + nans.map { "\($0.path): \($0.count) of \(counted($0.elements, "element")) are NaN" }
            + ignored.map { "\($0): left out, as the manifest says" }
            + unknownKnobs.map { "\($0) is no knob of a profile and changes nothing" }
        if !notes.isEmpty { document.blocks.append(.list(notes)) }
        return document
    }
}
