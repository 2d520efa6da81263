import AlignmentKit
import ArgumentParser

/// Which path's sound is asked for.
enum SoundPath: String, Codable, Sendable, ExpressibleByArgument, CaseIterable {
    case current, aligned
}

struct DecodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decodes a request's tokens to a WAV file.",
        discussion: """
            Example: higgs-diagnose decode golden/voice-clone.h5 --path aligned --out voice.wav
            """)

    @Argument(help: "The archive.", completion: .file(extensions: ["h5"]))
    var archive: String

    @Option(help: "The WAV file to write, 32-bit float.", completion: .file(extensions: ["wav"]))
    var out: String

    @Option(help: "The request; the first one unless it is named.")
    var sample: String?

    @Option(help: "As the pipeline was set, or as the reference is.")
    var path = SoundPath.aligned

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var options: FormatOptions

    func run() async throws {
        let task = DecodeTask(
            file: archive, settings: try analysis.settings(), sample: sample, path: path, output: out)
        switch await Worker().perform(.decode(task), on: archive, as: DecodedSound.self) {
        case .success(let sound): try sound.print(as: options.format)
        case .failure(let failure):
            Console.standard.note(failure.message)
            throw ExitCode(2)
        }
    }
}
