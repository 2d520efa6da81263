import AlignmentKit
import ArgumentParser

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks the structure, every hash and the limits of archives.",
        discussion: """
            Every object is read and compared with the format. What is wrong is an error; what is unusual, such \
            as an object that the format does not know, is a note. Nothing is ever changed.

            Exit codes: 0 every archive is sound; 2 one is not, or could not be read; 64 wrong usage.

            Example: higgs-diagnose verify golden/*.h5
            """)

    @Argument(help: "Archives.", completion: .file(extensions: ["h5"]))
    var archives: [String]

    @OptionGroup var options: FormatOptions

    func run() async throws {
        try await ArchiveResults<Verification>.report(on: archives, as: options.format) {
            .verify(file: $0)
        } passes: {
            $0.isSound
        }
    }
}
