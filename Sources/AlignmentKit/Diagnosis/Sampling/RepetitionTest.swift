public import AlignmentStages
import Foundation

/// Whether rows were drawn again, if the other parameters were those that are given.
public struct RepetitionTest: Sendable, Equatable, Codable {
    /// The rule that is tested for.
    public var rule: RepetitionRule
    /// Live cells where some id stood often enough in the window.
    public var eligibleRows: Int
    /// Cells whose kept id stood often enough in the window.
    public var observedRepeats: Int
    /// How many there would be with the rule on.
    public var expectedOn: Double
    /// How many there would be with it off.
    public var expectedOff: Double
    /// log of the likelihood with the rule on, over that with it off, in nats.
    public var logEvidenceForOn: Double
    /// What the draws decide at the level asked for.
    public var verdict: SamplerRegion.Repetition
    /// Steps after which such a stream would exclude `off` if the rule was on; nil for never.
    public var stepsToShowOn: Int?
    /// Steps after which such a stream would exclude `on` if it was off; nil for never.
    public var stepsToShowOff: Int?
}

extension RepetitionTest {
    /// - Parameters:
    ///   - setting: temperature, top-k and top-p that acted.
    ///   - rule: one that the stream knows the window of.
    ///   - level: probability of a wrong verdict, at most.
    init(_ setting: SamplerSetting, rule: RepetitionRule, level: Double, on stream: RecordedStream) {
        var (on, off) = (setting, setting)
        on.repetition = rule
        off.repetition = nil
        let index = stream.rules.firstIndex(of: rule) ?? 0
        self.rule = rule
        (eligibleRows, observedRepeats, expectedOn, expectedOff) = (0, 0, 0, 0)
        for cell in stream.kept where cell.draw.repeated[index].isEligible {
            eligibleRows += 1
            let ids: Set<Int>? =
                if case .ids(let ids) = cell.draw.repeated[index] { Set(ids) } else { nil }
            func share(_ setting: SamplerSetting) -> Double {
                let given: RecordedDraw.Repeated =
                    setting.repetition == nil ? .ids([]) : cell.draw.repeated[index]
                let distribution = RowDistribution(cell.row, under: setting, repeated: given)
                return zip(distribution.probabilities, cell.row.ids).reduce(0) {
                    $0 + (ids?.contains(Int($1.1)) ?? true ? $1.0 : 0)
                }
            }
            if ids?.contains(cell.draw.cell.id) ?? true { observedRepeats += 1 }
            expectedOn += share(on)
            expectedOff += share(off)
        }
        let (likelyOn, likelyOff) = (
            stream.likelihood(under: SettingGrid(on)), stream.likelihood(under: SettingGrid(off))
        )
        // Each side is accused by its rival's lower bound over its own upper one.
        let forOn = Self.difference(likelyOn.lower[0], likelyOff.upper[0])
        let forOff = Self.difference(likelyOff.lower[0], likelyOn.upper[0])
        logEvidenceForOn = forOn >= 0 ? forOn : min(-forOff, 0)
        let bound = log(1 / level)
        verdict = forOn >= bound ? .on : forOff >= bound ? .off : .undecided
        func steps(_ acting: SamplerSetting, _ other: SamplerSetting) -> Int? {
            Separation(of: acting, from: other, on: stream).draws(level: level, weight: 0)
                .map(stream.steps)
        }
        stepsToShowOn = steps(on, off)
        stepsToShowOff = steps(off, on)
    }

    /// What neither can have drawn accuses none.
    private static func difference(_ left: Double, _ right: Double) -> Double {
        left == -.infinity ? -.infinity : left - right
    }
}
