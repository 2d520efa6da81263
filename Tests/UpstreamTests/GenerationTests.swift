import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Generation against upstream's sampling step")
struct GenerationTests {
    private struct Answer: Decodable, Equatable, Sendable {
        let scores: PackedTensor
        let segments: [PackedTensor]
        let haveEnded: [Bool]
        let numDelay: [Int64]
        let numRemainingDelays: [Int64]
        /// Rows drawn again, [segment, step, row].
        let redrawn: [[[Int]]]
        let noise: [StepNoise]
    }

    @Test(
        "forced cells, delay counters, scores and redraws are upstream's, and none of its draws is impossible"
    )
    func steps() async throws {
        let trial = Trial("generation")
        let cases = trial.cases(2000, GenerationCase.init)
        let answers = try await Oracle.shared.ask("generation", cases, for: Answer.self)
        #expect(answers.count == cases.count)
        var judged = 0
        var differences: [String] = []
        for (each, answer) in zip(cases, answers) {
            // torch refuses to draw where scores are no numbers.
            guard case .value(let upstream) = answer else { continue }
            judged += 1
            let fields = try Self.differingFields(each, upstream)
            if !fields.isEmpty { differences.append("\(fields.joined(separator: ", ")): \(each.profile)") }
        }
        #expect(judged >= cases.count * 9 / 10)
        trial.expectNone(differences)
    }

    private static func differingFields(_ each: GenerationCase, _ upstream: Answer) throws -> [String] {
        let kept = try upstream.segments.map { try $0.array(Int64.self) }
        var fields: [String] = []
        if each.drawsAreGiven && !machineAgrees(each, upstream, kept) { fields.append("state machine") }

        let facts = GenerationFacts(
            logits: each.stepLogits.steps(0..<upstream.numDelay.count), referenceColumns: each.reference,
            segments: kept)
        let own = GenerationStage.run(facts, under: each.profile)
        if own.segments != kept { fields.append("segments") }
        if !ScoreAgreement.areSame(own.scores, try upstream.scores.array(Float.self)) {
            fields.append("scores")
        }
        let isKnown = zip(upstream.haveEnded, zip(each.drawsAreGiven ? each.streams : kept, kept))
            .allSatisfy { $0 || !isAmbiguous(drawn: $1.0, kept: $1.1, eos: Int64(each.eos)) }
        if isKnown && own.numDelay != upstream.numDelay { fields.append("num_delay") }
        if isKnown && own.numRemainingDelays != upstream.numRemainingDelays {
            fields.append("num_remaining_delays")
        }
        if each.drawsAreGiven {
            if redraws(facts, each) != upstreamRedraws(kept, upstream, each) { fields.append("redraws") }
        } else if GenerationStage.impossibleDraws(facts, under: each.profile)?.isEmpty == false {
            fields.append("impossible draws")
        }
        if !each.drawsAreGiven {
            let replayed = GenerationStage.replay(
                facts, under: each.profile, noise: try StepNoise.noise(upstream.noise))
            let swapped = ScoreAgreement.tieSwaps(own.scores, try upstream.scores.array(Float.self))
            if isKnown && ScoreAgreement.differs(replayed, kept, except: swapped) { fields.append("replay") }
        }
        return fields
    }

    /// The state machine on the draws themselves.
    private static func machineAgrees(
        _ each: GenerationCase, _ upstream: Answer, _ kept: [NDArray<Int64>]
    ) -> Bool {
        var (delays, remaining): ([Int64], [Int64]) = ([], [])
        for (drawn, kept) in zip(each.streams, kept) {
            var machine = DelayStateMachine(each.profile)
            for index in 1..<kept.columns {
                guard machine.step(drawn.column(index)) == kept.column(index) else { return false }
                delays.append(Int64(machine.numDelay ?? 0))
                remaining.append(machine.numRemainingDelays.map(Int64.init) ?? -1)
            }
        }
        return delays == upstream.numDelay && remaining == upstream.numRemainingDelays
    }

    /// Whether it is lost which codebook ended an unfinished stream: two drew EOS in the same step.
    private static func isAmbiguous(drawn: NDArray<Int64>, kept: NDArray<Int64>, eos: Int64) -> Bool {
        guard let first = (1..<kept.columns).first(where: { kept.column($0).contains(eos) }) else {
            return false
        }
        return drawn.column(first).count { $0 == eos } > 1
    }

    /// Segment, column and codebook of the cells that this version says are drawn again.
    ///
    /// Cells of BOS and EOS are left out here and below: they may be forced, and then nothing is drawn.
    private static func redraws(_ facts: GenerationFacts, _ each: GenerationCase) -> [[Int]] {
        GenerationStage.redraws(facts, under: each.profile)
            .filter { $0.id != each.bos && $0.id != each.eos }
            .map { [$0.segment, $0.column, $0.codebook] }
    }

    /// The same of the rows that upstream draws again.
    private static func upstreamRedraws(
        _ kept: [NDArray<Int64>], _ upstream: Answer, _ each: GenerationCase
    ) -> [[Int]] {
        var cells: [[Int]] = []
        for (segment, steps) in upstream.redrawn.enumerated() {
            for (step, rows) in steps.enumerated() {
                for row in rows where ![each.bos, each.eos].contains(Int(kept[segment][row, step + 1])) {
                    cells.append([segment, step + 1, row])
                }
            }
        }
        return cells
    }
}
