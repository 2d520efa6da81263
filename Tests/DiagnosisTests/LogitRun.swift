@testable import AlignmentDiagnosis
import AlignmentKit
import Foundation
import TestSupport

/// A recorded run whose logits and columns a test changes.
struct LogitRun {
    var facts: GenerationFacts
    let profile: GenerationProfile

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The first request of a committed archive.
    init(_ archive: String) throws {
        let capture = try CaptureReader(ArchiveReader(file: "\(Self.root)/golden/\(archive).h5")).capture()
        guard let generation = capture.samples[0].generation else { throw CocoaError(.fileReadCorruptFile) }
        facts = generation.facts
        profile = ProfileDescription.serveEngine.resolved(for: capture.model).generation
    }

    /// The first steps of `plain` as a float32 run gives them; `golden/make/logit_noise.py` wrote the difference.
    static func plainInFloat32() throws -> LogitRun {
        let bytes = try Data(
            contentsOf: URL(filePath: "\(root)/Tests/DiagnosisTests/Fixtures/plain-float32.bin"))
        let differences = bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 2).map {
                Float(
                    Float16(
                        bitPattern: UInt16(
                            littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self))))
            }
        }
        var run = try LogitRun("plain")
        guard let logits = run.facts.logits else { throw CocoaError(.fileReadCorruptFile) }
        let shape = try Shape([
            differences.count / (logits.shape[1] * logits.shape[2]), logits.shape[1], logits.shape[2],
        ])
        run.set(try NDArray(shape: shape, scalars: zip(logits.scalars, differences).map { $0 + $1 }))
        return run
    }

    /// The same run with its logits changed, by step, codebook and id.
    func changing(_ change: (_ step: Int, _ codebook: Int, _ id: Int, Float) -> Float) -> LogitRun {
        var run = self
        guard let logits = facts.logits else { return run }
        let (codebooks, width) = (logits.shape[1], logits.shape[2])
        var scalars = logits.scalars
        for index in scalars.indices {
            scalars[index] = change(
                index / (codebooks * width), index / width % codebooks, index % width, scalars[index])
        }
        if let changed = try? NDArray(shape: logits.shape, scalars: scalars) { run.set(changed) }
        return run
    }

    /// The same run with other logits, or with none.
    mutating func set(_ logits: NDArray<Float>?) {
        var changed = GenerationFacts(
            logits: logits, referenceColumns: facts.referenceColumns, segments: facts.segments,
            promptTail: facts.promptTail)
        changed.text = facts.text
        facts = changed
    }

    /// This run against a golden one.
    func against(_ golden: LogitRun) throws -> LogitAgreement {
        try LogitAgreement(captured: facts, golden: golden.facts, under: profile)
    }

    /// The run off every grid, as one in float32 is: its logits times 1.1, so that it may stand for a golden.
    func offGrid() -> LogitRun { changing { $3 * 1.1 } }
}

/// Gaussian noise by Box and Muller, the same for the same seed.
struct GaussianNoise {
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    mutating func next() -> Float {
        let (radius, angle) = (
            Double.random(in: Double.ulpOfOne..<1, using: &generator),
            Double.random(in: 0..<2 * Double.pi, using: &generator)
        )
        return Float((-2 * log(radius)).squareRoot() * cos(angle))
    }
}
