import AlignmentKit
import ArgumentParser
import Foundation

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
            try checkTarget()
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

extension ImportCommand {
    /// Refuses to write among the dumps, which would no longer be what they were, and over anything but an
    /// earlier archive.
    private func checkTarget() throws {
        func resolved(_ path: String) -> String {
            URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
        }
        if resolved(out).hasPrefix(resolved(folder) + "/") {
            throw InputFailure(
                path: out,
                message: "\(out) lies in \(folder), whose files are read; write the archive elsewhere.")
        }
        // Anything but a file is refused when it is written.
        var status = stat()
        guard stat(out, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let file = FileHandle(forReadingAtPath: out), let start = try? file.read(upToCount: 8)
        else {
            return
        }
        let signature = Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
        guard start == signature else {
            throw InputFailure(
                path: out, message: "\(out) exists and is no archive; remove it or give another name.")
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
