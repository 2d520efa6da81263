import AlignmentKit
import Testing

@Suite("Likelihood of a step against upstream's own steps")
struct LostDrawTests {
    private struct Answer: Decodable, Equatable, Sendable {
        let lost: Int
        let column: [Int64]
        let count: Int
    }

    @Test("each column comes as often as its draws' likelihoods say, those that an EOS overwrote included")
    func columns() async throws {
        let trial = Trial("lost draws")
        let cases = trial.cases(12, LostDrawCase.init)
        let answers = try await Oracle.shared.ask("lost_draws", cases, for: [Answer].self)
        #expect(answers.count == cases.count)
        var lost = 0
        trial.expectNone(
            zip(cases, answers).compactMap { each, answer in
                guard case .value(let upstream) = answer else { return "\(answer): \(each.profile)" }
                lost += upstream.reduce(0) { $0 + ($1.lost > 0 ? $1.count : 0) }
                return Self.difference(each, upstream).map { "\($0): \(each.profile)" }
            })
        #expect(lost > 1000, "too few streams began to end above the first codebook")
    }

    private static func difference(_ each: LostDrawCase, _ upstream: [Answer]) -> String? {
        let likelihoods = each.likelihoods
        var counts = likelihoods.mapValues { _ in 0 }
        for seen in upstream {
            let result = LostDrawCase.Result(lost: seen.lost, column: seen.column)
            guard likelihoods[result] != nil else { return "\(result) is none that ours can give" }
            counts[result] = seen.count
        }
        let results = likelihoods.keys.sorted { "\($0)" < "\($1)" }
        let bounds = results.compactMap { likelihoods[$0] }
        let low = bounds.map(\.lowerBound)
        let sum = low.reduce(0, +)
        guard abs(sum - 1) < 1e-5 else { return "sum \(sum)" }
        guard bounds.allSatisfy({ $0.upperBound <= $0.lowerBound * (1 + 1e-5) }) else { return "width" }
        return DrawCounts(results.compactMap { counts[$0] }).allow(low) ? nil : "counts"
    }
}
