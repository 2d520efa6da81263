import AlignmentDiagnosis
import AlignmentStages
import Foundation
import TestSupport

/// Clean streams: drawn under the setting that they declare.
struct Calibration {
    let recorded: RecordedSteps
    let held: RecordedSteps
    let streams: Int
    let seed: UInt64

    static let levels = [0.05, 0.01, 1e-3, 1e-4]
    static let lengths = [50, 100, 200, 400, 1_000]

    struct Result {
        var streams = 0
        var draws = 0
        /// How often a setting that acted was excluded, by level.
        var excluded = [Int](repeating: 0, count: levels.count)
        var excludedByLength = [Int: [Int]]()
        var countByLength = [Int: Int]()
        /// The largest evidence against a setting that acted, in nats.
        var largest = -Double.infinity
        /// The mean of the likelihood ratios; its expectation is 1 at most.
        var ratios: [Double] = []
        /// Streams whose whole region at the strictest level says the wrong thing of repetition-aware sampling.
        var wrongRepetition = 0
        var seed: UInt64 = 0
    }

    func run() -> Result {
        var result = Result(seed: seed)
        let batch = 50
        for start in stride(from: 0, to: streams, by: batch) {
            let indices = start..<min(start + batch, streams)
            // A batch is drawn from one pool of steps; every other one from held sounds.
            let pool = (start / batch) % 2 == 0 ? recorded : held
            var cases: [(stream: SimulatedStream, setting: SamplerSetting, length: Int)] = []
            for index in indices {
                var random = SplitMix(state: seed &+ UInt64(index))
                let setting = Self.setting(&random)
                let length = Self.lengths[index % Self.lengths.count]
                cases.append(
                    (SimulatedStream(pool, under: setting, length: length, &random), setting, length))
            }
            let grid = SettingGrid(around: Study.reference, rules: [nil, .upstream])
            let weighing = Weighing(recorded: pool, grid: grid)
            let evidence = weighing.evidence(cases.map(\.stream), lengths: [Self.lengths.max() ?? 0])
            for (each, evidence) in zip(cases, evidence) {
                result.add(each.setting, each.length, evidence[0])
            }
        }
        return result
    }

    private static func setting(_ random: inout SplitMix) -> SamplerSetting {
        func pick<Value>(_ values: [Value]) -> Value { values[Int(random.next() % UInt64(values.count))] }
        return SamplerSetting(
            temperature: pick([0.3, 0.5, 0.7, 0.9, 1, 1.2, nil]), topK: pick([nil, nil, 50, 20, 5]),
            topP: pick([nil, 0.95, 0.95, 0.9, 0.8]), repetition: pick([nil, .upstream]))
    }
}

extension Calibration.Result {
    mutating func add(_ setting: SamplerSetting, _ length: Int, _ evidence: SamplerEvidence) {
        streams += 1
        draws += evidence.draws
        countByLength[length, default: 0] += 1
        let against = evidence.against(setting)
        largest = max(largest, against)
        ratios.append(exp(against))
        for (index, level) in Calibration.levels.enumerated() where against >= log(1 / level) {
            excluded[index] += 1
            excludedByLength[length, default: [0, 0, 0, 0]][index] += 1
        }
        let shown = evidence.region(level: Calibration.levels[3], around: setting).repetition
        if shown != .undecided, (shown == .on) != (setting.repetition != nil) { wrongRepetition += 1 }
    }

    var markdown: String {
        let names = Calibration.levels.map { "\($0 == 1e-4 ? "0.0001" : "\($0)")" }
        var lines = [
            "## Clean streams", "",
            "\(streams) streams of 50 to 1,000 steps, \(draws) draws, seed \(seed), drawn on the recorded logits under "
                + "temperature 0.3 to 1.2 or greedy, top_k none to 5, top_p none to 0.8, repetition-aware sampling on "
                + "and off; every other 50 on held sounds, each recorded step eight times. How often the setting that "
                + "drew a stream was excluded:", "",
            "| steps | streams | " + names.map { "at \($0)" }.joined(separator: " | ") + " |",
            "|---|---|" + names.map { _ in "---|" }.joined(),
        ]
        for length in countByLength.keys.sorted() {
            let counts = excludedByLength[length] ?? [0, 0, 0, 0]
            lines.append(
                "| \(length) | \(countByLength[length] ?? 0) | "
                    + counts.map(String.init).joined(separator: " | ") + " |")
        }
        lines.append("| all | \(streams) | " + excluded.map(String.init).joined(separator: " | ") + " |")
        lines.append(
            "| at most expected | | "
                + Calibration.levels.map { "\(($0 * Double(streams) * 10).rounded() / 10)" }
                .joined(separator: " | ") + " |")
        let mean = ratios.reduce(0, +) / Double(max(ratios.count, 1))
        lines += [
            "",
            "The largest evidence against a setting that acted is \((largest * 100).rounded() / 100) nats; an accusation "
                + "takes \((log(1e4) * 100).rounded() / 100). The mean of the likelihood ratios is "
                + "\((mean * 1000).rounded() / 1000); the theory says 1 at most. "
                + "Repetition-aware sampling was called on where it was off, or off where it was on, in "
                + "\(wrongRepetition) streams.", "",
        ]
        return lines.joined(separator: "\n")
    }
}
