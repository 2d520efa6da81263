import AlignmentDiagnosis
import AlignmentStages
import Foundation

/// Simulates streams on recorded logits: how often a clean one is accused, and how soon a wrong declaration is seen.
///
///     sampling-study FOLDER [--streams N] [--repeats N] [--seed N]
///
/// writes FOLDER/sampling-study.md and FOLDER/sampling-power.svg.
struct Study {
    var folder: String
    var streams = 1_000
    var repeats = 100
    var seed: UInt64 = 20_261_127

    static let archives = ["plain", "voice-clone", "two-segments", "silent-output"].map { "golden/\($0).h5" }
    static let reference = SamplerSetting(temperature: 0.7, topP: 0.95, repetition: .upstream)
    static let level = 1e-4

    init?(_ arguments: [String]) {
        guard let folder = arguments.first else { return nil }
        self.folder = folder
        var rest = arguments.dropFirst()
        while let name = rest.popFirst() {
            guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return nil }
            switch name {
            case "--streams": streams = value
            case "--repeats": repeats = value
            case "--seed": seed = UInt64(value)
            default: return nil
            }
        }
    }

    func run() throws {
        let recorded = try RecordedSteps(Self.archives)
        let held = try RecordedSteps(Self.archives, held: 8)
        let calibration = Calibration(recorded: recorded, held: held, streams: streams, seed: seed).run()
        let power = Power(recorded: recorded, held: held, repeats: repeats, seed: seed).run()
        let page = [
            "# A study of `sampling`\n\nWritten by `script/sampling-study`; the words are explained in `sampling.md`.\n",
            calibration.markdown, power.markdown,
        ].joined(separator: "\n")
        try Data(page.utf8).write(to: URL(filePath: "\(folder)/sampling-study.md"))
        try Data(power.picture.utf8).write(to: URL(filePath: "\(folder)/sampling-power.svg"))
    }
}

guard let study = Study(Array(CommandLine.arguments.dropFirst())) else {
    FileHandle.standardError.write(
        Data("usage: sampling-study FOLDER [--streams N] [--repeats N] [--seed N]\n".utf8))
    exit(64)
}
try study.run()
