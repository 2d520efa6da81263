import AlignmentKit
import Foundation
import TestSupport
import Testing

@testable import AlignmentStages

/// Rows of which the largest 64 logits are recorded, against the same rows in full.
@Suite("Likelihood of a draw from the largest logits alone")
struct PartialRowTests {
    private static let (ids, recorded, eos) = (1026, 64, 1025)

    /// A row, in full.
    private struct Full {
        let scalars: [Float]
        let row: LogitRow

        /// - Parameter spread: 1 for a flat row, of which the 64 hold a small part; 4 for a peaked one.
        init(_ dice: inout SplitMix, spread: Float, isRounded: Bool) {
            scalars = (0..<ids).map { _ in
                // Close to a normal distribution.
                let sum = (0..<6).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &dice) }
                return isRounded ? BFloat16(spread * sum).float : spread * sum
            }
            let scalars = scalars
            let order = (0..<Int32(ids)).sorted {
                (scalars[Int($0)], $0) < (scalars[Int($1)], $1)
            }
            row = LogitRow(scalars[...], ascending: order[...])
        }

        /// What a recorder keeps of it where this id was drawn.
        func top(drawn id: Int) -> LogitRow {
            LogitRow(
                top: row.logits[..<recorded], ids: row.ids[..<recorded].map(Int64.init)[...],
                vocabulary: ids, logSumExp: Float(row.logSumExp), drawn: (id, scalars[id]))
        }
    }

    private static func draw(_ id: Int, _ repeated: RecordedDraw.Repeated, isLost: Bool) -> RecordedDraw {
        RecordedDraw(
            cell: DrawnCell(segment: 0, column: 1, codebook: 0, id: id), step: 0, isLost: isLost,
            repeated: [repeated])
    }

    /// A random draw of a row: its id, what the window holds, and whether it is lost.
    private static func draw(of full: Full, _ dice: inout SplitMix) -> RecordedDraw {
        let ranks = [0, 1, 5, 40, 62, 63, 64, 65, 70, 200, 1025]
        let ids = ranks.map { Int(full.row.ids[$0]) } + [Self.eos]
        let repeated: [RecordedDraw.Repeated] = [
            .ids([]), .ids([]), .all,
            .ids(Set((0..<3).compactMap { _ in ids.randomElement(using: &dice) }).sorted()),
        ]
        let isLost = Int.random(in: 0..<6, using: &dice) == 0
        let id = isLost ? Self.eos : ids.randomElement(using: &dice) ?? 0
        return draw(id, repeated.randomElement(using: &dice) ?? .all, isLost: isLost)
    }

    private static func setting(_ dice: inout SplitMix) -> SamplerSetting {
        let temperatures: [Double?] = [nil, 1, 1, 0.3, 0.7, 0.95, 1.3, 2]
        let topK: [Int?] = [nil, nil, 1, 20, 50, 63, 64, 65, 80, 500, 1026]
        let topP: [Double?] = [nil, nil, 0.1, 0.3, 0.5, 0.8, 0.95, 0.999]
        return SamplerSetting(
            temperature: temperatures.randomElement(using: &dice) ?? nil,
            topK: topK.randomElement(using: &dice) ?? nil, topP: topP.randomElement(using: &dice) ?? nil)
    }

    private static func bounds(
        _ draw: RecordedDraw, _ row: LogitRow, _ setting: SamplerSetting
    ) -> ClosedRange<Double> {
        DrawLikelihood(draw, row: row, eos: eos).bounds(setting, rule: 0)
    }

    @Test(
        "the bounds hold what all logits give, for draws inside and outside the recorded ones",
        arguments: [false, true])
    func containment(isRounded: Bool) {
        var dice = SplitMix(state: isRounded ? 64 : 46)
        var outside = 0
        for _ in 0..<400 {
            let spread = ([0.3, 1, 2, 4] as [Float]).randomElement(using: &dice) ?? 1
            let full = Full(&dice, spread: spread, isRounded: isRounded)
            for _ in 0..<25 {
                let (draw, setting) = (Self.draw(of: full, &dice), Self.setting(&dice))
                let whole = Self.bounds(draw, full.row, setting)
                let partial = Self.bounds(draw, full.top(drawn: draw.cell.id), setting)
                // Sums in binary32 are known to a few parts in a million.
                let slack = 1e-5 * whole.upperBound + 1e-9
                let holds =
                    partial.lowerBound <= whole.lowerBound + slack
                    && partial.upperBound >= whole.upperBound - slack
                #expect(holds, "\(partial) for \(whole): \(draw) \(setting) spread \(spread)")
                // What is possible is never ruled out.
                #expect(whole.upperBound == 0 || partial.upperBound > 0, "\(draw) \(setting)")
                if case .unrecorded = full.top(drawn: draw.cell.id).place(of: draw.cell.id) { outside += 1 }
            }
        }
        #expect(outside > 1000)
    }

    /// A row of eight ids of which the largest three are recorded; the last of them has equals that are not.
    private func tied(drawn id: Int) -> LogitRow {
        let probabilities = [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
        let logits = probabilities.map { Float(log($0)) }
        return LogitRow(
            top: logits[..<3], ids: [0, 1, 2], vocabulary: 8, logSumExp: 0, drawn: (id, logits[id]))
    }

    @Test("an id that was not recorded may stay in the nucleus in place of a recorded equal")
    func tailTies() {
        // One of the seven equals stays beside the first id.
        let setting = SamplerSetting(temperature: 1, topP: 0.35)
        for id in [2, 5] {
            let bounds = Self.bounds(Self.draw(id, .ids([]), isLost: false), tied(drawn: id), setting)
            #expect(bounds.lowerBound <= 0.25 / 7 + 1e-6)
            #expect(abs(bounds.upperBound - 0.25) < 1e-6)
        }
        // Of an edge before them they know nothing.
        let first = SamplerSetting(temperature: 1, topP: 0.25)
        #expect(Self.bounds(Self.draw(5, .ids([]), isLost: false), tied(drawn: 5), first) == 0...0)
    }

    @Test("what does not tie with the last recorded logit is none of the k largest")
    func belowTopK() {
        let logits = [0.4, 0.3, 0.2, 0.1].map { Float(log($0)) }
        let row = LogitRow(
            top: logits[..<2], ids: [0, 1], vocabulary: 4, logSumExp: 0, drawn: (2, logits[2]))
        let setting = SamplerSetting(temperature: 1, topK: 2)
        #expect(Self.bounds(Self.draw(2, .ids([]), isLost: false), row, setting) == 0...0)
    }

    @Test("the bounds are tight at temperature 1, and where the cuts lie well inside the recorded ones")
    func tightness() {
        var dice = SplitMix(state: 2)
        for _ in 0..<200 {
            let full = Full(&dice, spread: 2, isRounded: false)
            let inside = [0, 3, 20].compactMap { rank in Int(full.row.ids[rank]) }
            let outside = Int(full.row.ids[300])
            let settings = [
                SamplerSetting(temperature: nil), SamplerSetting(temperature: 1),
                SamplerSetting(temperature: 1, topP: 0.5),
                SamplerSetting(temperature: 1, topK: 50, topP: 0.9),
                SamplerSetting(temperature: 0.3, topK: 50), SamplerSetting(temperature: 2, topK: 30),
                SamplerSetting(temperature: 2, topK: 50, topP: 0.8),
            ]
            for setting in settings {
                for repeated in [.ids([]), .ids([inside[1]]), .ids([inside[0], inside[2]]), .all]
                    as [RecordedDraw.Repeated]
                {
                    for id in inside + [outside] {
                        let draw = Self.draw(id, repeated, isLost: false)
                        let whole = Self.bounds(draw, full.row, setting)
                        let partial = Self.bounds(draw, full.top(drawn: id), setting)
                        let slack = 1e-4 * whole.upperBound
                        let isTight =
                            abs(partial.lowerBound - whole.lowerBound) <= slack
                            && abs(partial.upperBound - whole.upperBound) <= slack
                        #expect(isTight, "\(partial) for \(whole): \(draw) \(setting)")
                    }
                }
            }
        }
    }
}
