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

    @Option(help: "The profile of the aligned path.")
    var reference = "serve-engine"

    @Option(help: "An archive with the codec's weights.")
    var codec: String?

    @Flag(help: "Skip the check of each tensor's hash.")
    var noVerify = false

    @OptionGroup var options: FormatOptions

    func validate() throws {
        guard ProfileDescription.named(reference) != nil else {
            throw ValidationError(ProfileCommand.unknown(reference))
        }
    }

    func run() async throws {
        let task = DecodeTask(
            file: archive, sample: sample, reference: reference, path: path, verifiesHashes: !noVerify,
            codec: codec, output: out)
        switch await Worker().perform(.decode(task), on: archive, as: DecodedSound.self) {
        case .success(let sound): try sound.print(as: options.format)
        case .failure(let failure):
            Console.standard.note(failure.message)
            throw ExitCode(2)
        }
    }
}
