import AlignmentDiagnosis
import AlignmentKit
import Foundation
import Testing

@testable import sampling_study

/// The study of `script/sampling-study`, in small.
@Suite("Calibration and power by simulation")
struct StudyTests {
    private static let archives = ["\(Recording.root)/golden/plain.h5"]

    /// HIGGS_SEED chooses it.
    private let seed: UInt64

    init() {
        seed = ProcessInfo.processInfo.environment["HIGGS_SEED"].flatMap { UInt64($0) } ?? 2306
        print("sampling study: HIGGS_SEED=\(seed)")
    }

    @Test("of clean streams none is accused, and no rule of repetition is called what it is not")
    func clean() throws {
        let result = Calibration(
            recorded: try RecordedSteps(Self.archives), held: try RecordedSteps(Self.archives, held: 8),
            streams: 60, seed: seed
        ).run()
        #expect(result.streams == 60 && result.draws > 50_000)
        // Each is excluded at 0.0001 with that probability at most: 3 of 60 with 4 in 100 million.
        #expect(result.excluded[3] < 3, "seed \(seed)")
        #expect(result.wrongRepetition < 3, "seed \(seed)")
        #expect(result.excluded[0] < 15, "seed \(seed)")
    }

    @Test("a wrong declaration is seen within the length of a sentence")
    func power() throws {
        let power = Power(
            recorded: try RecordedSteps(Self.archives), held: try RecordedSteps(Self.archives, held: 8),
            repeats: 5, seed: seed)
        let within = try #require(Power.lengths.firstIndex(of: 100))
        for name in ["silent pipeline, declared serving engine", "off, declared on, held sounds"] {
            let pair = try #require(Power.pairs.first { $0.name == name })
            #expect(power.power(pair, seed: seed)[within] >= 0.9, "\(name), seed \(seed)")
        }
        // Where no id repeats, no length shows whether rows would be drawn again.
        let unseen = try #require(Power.pairs.first { $0.name == "off, declared on, as recorded" })
        #expect(power.power(unseen, seed: seed).last == 0)
    }
}
