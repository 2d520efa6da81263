import AlignmentKit
import Foundation

/// What `run` found out about one archive.
struct ArchiveRun: Codable, Sendable {
    var samples: [SampleRun]
}

extension RunTask {
    /// Does the work, in the worker process.
    func run() throws -> ArchiveRun {
        let (capture, codec) = try settings.open(file)
        var runs: [SampleRun] = []
        for sample in capture.samples {
            let analysis = Analysis(
                sample, of: capture, reference: settings.reference, profile: settings.profile,
                codec: codec, isStrict: isStrict)
            runs.append(analysis.run())
            if let soundFolder { try write(analysis, named: sample.name, to: soundFolder) }
        }
        return ArchiveRun(samples: runs)
    }

    /// Writes the sound of both paths; a path without sound has no file, and the report says why.
    private func write(_ analysis: Analysis, named name: String, to folder: String) throws {
        for (path, side) in [("current", Analysis.Side.current), ("aligned", .aligned)] {
            guard let samples = try? analysis.sound(side) else { continue }
            try SoundFile.write(
                samples, sampleRate: Analysis.sampleRate, as: .float, to: "\(folder)/\(name).\(path).wav")
        }
    }
}
