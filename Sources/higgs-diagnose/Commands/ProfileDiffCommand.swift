import AlignmentKit
import ArgumentParser

extension ProfileCommand {
    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says in which knobs two profiles differ, and whether it matters.",
            discussion: """
                With an archive, each knob is turned alone on the recorded facts, and what that does is said. \
                Without, values that come from the model's configuration are those of the released model.

                Exit codes: 0 also where the profiles differ; 2 a file or the archive could not be read; 64 wrong \
                usage.

                Example: higgs-diagnose profile diff silent-output serve-engine
                Example: higgs-diagnose profile diff mine.yaml serve-engine run.h5
                """)
        @Argument(help: "The first profile: a built-in name, or a YAML file.") var left: String
        @Argument(help: "The second profile.") var right: String
        @Argument(help: "An archive to compute the effects on.", completion: .file(extensions: ["h5"]))
        var archive: String?
        @OptionGroup var reading: ReadingOptions
        @OptionGroup var options: FormatOptions

        func validate() throws {
            try ProfileChoice.validate(left)
            try ProfileChoice.validate(right)
            guard archive != nil || (reading.codec == nil && !reading.noVerify) else {
                throw ValidationError("--codec and --no-verify are about an archive; give one.")
            }
        }

        func run() async throws {
            let (first, second) = (try ProfileChoice.profile(left), try ProfileChoice.profile(right))
            guard let archive else {
                return try ProfileDifference(first, second).print(as: options.format)
            }
            let task = ProfileDifferenceTask(
                file: archive, settings: reading.settings(reference: second, profile: first))
            switch await Worker().perform(.profileDifference(task), on: archive, as: ProfileDifference.self) {
            case .success(let difference): try difference.print(as: options.format)
            case .failure(let failure):
                Console.standard.note(failure.message)
                throw ExitCode(2)
            }
        }
    }
}
