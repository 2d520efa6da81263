import AlignmentDiagnosis
import AlignmentReport
import AlignmentStages
import Foundation
import TestSupport

/// Streams that were not drawn under the setting that they declare: after how many steps that is seen.
struct Power {
    let recorded: RecordedSteps
    let held: RecordedSteps
    let repeats: Int
    let seed: UInt64

    static let lengths = [5, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000]

    /// A setting that acts where another is declared.
    struct Pair {
        var panel: String
        var name: String
        var acting: SamplerSetting
        var declared: SamplerSetting
        var isHeld = false
    }

    struct Curve {
        var pair: Pair
        /// The share of streams in which the declared setting is excluded, [length].
        var power: [Double]
    }

    struct Result {
        var curves: [Curve]
        var repeats: Int
        var seed: UInt64
    }

    static let pairs: [Pair] = {
        let reference = Study.reference
        let silent = SamplerSetting(temperature: 0.3, topK: 50, topP: 0.95)
        func with(_ setting: SamplerSetting, _ change: (inout SamplerSetting) -> Void) -> SamplerSetting {
            var setting = setting
            change(&setting)
            return setting
        }
        let open = SamplerSetting(temperature: 1, repetition: .upstream)
        let off = with(reference) { $0.repetition = nil }
        return [
            Pair(
                panel: "temperature", name: "0.3, declared 0.7",
                acting: with(reference) { $0.temperature = 0.3 }, declared: reference),
            Pair(
                panel: "temperature", name: "0.6, declared 0.7",
                acting: with(reference) { $0.temperature = 0.6 }, declared: reference),
            Pair(
                panel: "temperature", name: "1, declared 0.7", acting: with(reference) { $0.temperature = 1 },
                declared: reference),
            Pair(
                panel: "temperature", name: "greedy, declared 0.7",
                acting: with(reference) { $0.temperature = nil }, declared: reference),
            Pair(
                panel: "top_p", name: "none, declared 0.95", acting: with(reference) { $0.topP = nil },
                declared: reference),
            Pair(
                panel: "top_p", name: "0.8, declared 0.95", acting: with(reference) { $0.topP = 0.8 },
                declared: reference),
            Pair(
                panel: "top_p", name: "0.95, declared none", acting: reference,
                declared: with(reference) { $0.topP = nil }),
            Pair(
                panel: "top_k", name: "5, declared none", acting: with(open) { $0.topK = 5 }, declared: open),
            Pair(
                panel: "top_k", name: "none, declared 5", acting: open, declared: with(open) { $0.topK = 5 }),
            Pair(
                panel: "top_k", name: "none, declared 50", acting: open, declared: with(open) { $0.topK = 50 }
            ),
            Pair(
                panel: "top_k", name: "50, declared none", acting: with(open) { $0.topK = 50 }, declared: open
            ),
            Pair(
                panel: "repetition-aware sampling", name: "off, declared on, held sounds", acting: off,
                declared: reference, isHeld: true),
            Pair(
                panel: "repetition-aware sampling", name: "on, declared off, held sounds", acting: reference,
                declared: off, isHeld: true),
            Pair(
                panel: "repetition-aware sampling", name: "off, declared on, as recorded", acting: off,
                declared: reference),
            Pair(
                panel: "the story", name: "silent pipeline, declared serving engine", acting: silent,
                declared: reference),
            Pair(
                panel: "the story", name: "serving engine, declared silent pipeline", acting: reference,
                declared: silent),
        ]
    }()

    func run() -> Result {
        Result(
            curves: Self.pairs.enumerated().map { index, pair in
                Curve(pair: pair, power: power(pair, seed: seed &+ UInt64(index + 1) &* 1_000_000))
            }, repeats: repeats, seed: seed)
    }

    /// The share of streams in which the declared setting is excluded, [length].
    func power(_ pair: Pair, seed: UInt64) -> [Double] {
        let pool = pair.isHeld ? held : recorded
        let grid = SettingGrid(around: pair.declared, rules: [nil, .upstream])
        let weighing = Weighing(recorded: pool, grid: grid)
        var seen = [Int](repeating: 0, count: Self.lengths.count)
        let batch = 50
        for start in stride(from: 0, to: repeats, by: batch) {
            let streams = (start..<min(start + batch, repeats)).map { index in
                var random = SplitMix(state: seed &+ UInt64(index))
                return SimulatedStream(
                    pool, under: pair.acting, length: Self.lengths.last ?? 0, &random)
            }
            for evidence in weighing.evidence(streams, lengths: Self.lengths) {
                // Evidence that was once enough stays enough.
                var isSeen = false
                for (index, evidence) in evidence.enumerated() {
                    isSeen = isSeen || evidence.against(pair.declared) >= log(1 / Study.level)
                    if isSeen { seen[index] += 1 }
                }
            }
        }
        return seen.map { Double($0) / Double(repeats) }
    }
}

extension Power.Result {
    var markdown: String {
        let shown = [10, 20, 30, 50, 100, 200, 500, 1_000]
        var lines = [
            "## Power", "",
            "\(repeats) streams a row, seed \(seed): the share in which the declared setting is excluded at 0.0001 after so "
                + "many steps. Of the serving engine's setting (temperature 0.7, top_p 0.95, repetition-aware sampling "
                + "7/2) one parameter is changed; top_k is tried at temperature 1 without top_p. `sampling-power.svg` draws "
                + "the curves.", "",
            "| acts | " + shown.map { "\($0)" }.joined(separator: " | ") + " |",
            "|---|" + shown.map { _ in "---|" }.joined(),
        ]
        for curve in curves {
            let cells = shown.map { length in
                Power.lengths.firstIndex(of: length).map { "\(Int((curve.power[$0] * 100).rounded())) %" }
                    ?? ""
            }
            lines.append(
                "| \(curve.pair.panel) \(curve.pair.name) | " + cells.joined(separator: " | ") + " |")
        }
        return (lines + [""]).joined(separator: "\n")
    }

    var picture: String {
        var panels: [CurveSheet.Panel] = []
        for curve in curves {
            if panels.last?.title != curve.pair.panel {
                panels.append(CurveSheet.Panel(title: curve.pair.panel, curves: []))
            }
            panels[panels.count - 1].curves.append(
                CurveSheet.Curve(
                    name: curve.pair.name, points: zip(Power.lengths, curve.power).map { (Double($0), $1) }))
        }
        return CurveSheet(
            title: "How soon a wrong declaration is seen",
            subtitle:
                "Share of \(repeats) simulated streams in which the declared setting is excluded at 0.0001",
            xLabel: "steps", panels: panels
        ).svg
    }
}
