import AlignmentKit
import Foundation

/// What `run` found out about one archive.
struct ArchiveRun: Codable, Sendable {
    var samples: [SampleRun]
}

extension RunTask {
    /// Does the work, in the worker process.
    func run() throws -> ArchiveRun {
        let reader = try ArchiveReader(file: file, verifiesHashes: verifiesHashes)
        let capture = try CaptureReader(reader).capture()
        guard !capture.samples.isEmpty else {
            throw CaptureError(file: file, path: "/samples", problem: "holds no request to run")
        }
        guard let reference = ProfileDescription.named(reference) else {
            preconditionFailure("the command has checked the reference's name")
        }
        let codec = CodecLocator(
            named: codec, verifiesHashes: verifiesHashes, environment: ProcessInfo.processInfo.environment
        ).codec(of: capture)
        var runs: [SampleRun] = []
        for sample in capture.samples {
            let analysis = Analysis(
                sample, of: capture, reference: reference, codec: codec, isStrict: isStrict)
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
