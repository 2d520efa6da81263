import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Likelihood of a draw against upstream's own draws")
struct LikelihoodTests {
    /// How often upstream drew each id.
    private struct Answer: Decodable, Equatable, Sendable {
        let asGiven: [Int]
        let shuffled: [Int]
    }

    @Test("each id is drawn as often by upstream's sampling step as its likelihood says")
    func step() async throws {
        let trial = Trial("likelihood")
        let cases = trial.cases(100) { LikelihoodCase(&$0, isPort: false) }
        try Self.compare(
            cases, with: try await Oracle.shared.ask("likelihood", cases, for: Answer.self), trial)
    }

    @Test("each id is drawn as often by the port's sampling loop as its likelihood says")
    func port() async throws {
        let trial = Trial("port likelihood")
        let cases = trial.cases(60) { LikelihoodCase(&$0, isPort: true) }
        try Self.compare(
            cases, with: try await Oracle.port.ask("port_likelihood", cases, for: Answer.self), trial)
    }

    private static func compare(
        _ cases: [LikelihoodCase], with answers: [Outcome<Answer>], _ trial: Trial
    ) throws {
        #expect(answers.count == cases.count)
        #expect(cases.count { $0.isDecided } >= cases.count * 8 / 10)
        #expect(cases.count { $0.hasTies } >= cases.count / 5)
        trial.expectNone(
            try zip(cases, answers).compactMap { each, answer in
                guard case .value(let upstream) = answer else { return "\(answer): \(each.profile)" }
                let fields = try differingFields(each, upstream)
                return fields.isEmpty ? nil : "\(fields.joined(separator: ", ")): \(each.row) \(each.profile)"
            })
    }

    private static func differingFields(_ each: LikelihoodCase, _ upstream: Answer) throws -> [String] {
        let (bounds, distribution) = try each.likelihoods()
        guard bounds.count == each.row.count else { return ["no draw"] }
        let low = bounds.map(\.lowerBound)
        let (asGiven, shuffled) = (DrawCounts(upstream.asGiven), DrawCounts(upstream.shuffled))
        var fields: [String] = []
        for (id, bound) in bounds.enumerated() {
            if !asGiven.allow(bound.upperBound, for: id) || !shuffled.allow(bound.upperBound, for: id) {
                fields.append("upper bound of \(id)")
            }
        }
        let sum = low.reduce(0, +)
        if sum > 1 + 1e-5 { fields.append("sum \(sum)") }
        guard each.isDecided else { return fields }
        // The lower bound is the likelihood where chance chooses between equals.
        if abs(sum - 1) > 1e-5 { fields.append("sum \(sum)") }
        if !shuffled.allow(low) { fields.append("counts") }
        guard !each.hasTies else { return fields }
        if !asGiven.allow(low) { fields.append("counts as given") }
        if !zip(bounds, low).allSatisfy({ isNear($0.upperBound, $1) }) { fields.append("width") }
        if !zip(distribution, low).allSatisfy({ isNear($0, $1) }) { fields.append("distribution") }
        return fields
    }

    private static func isNear(_ one: Double, _ other: Double) -> Bool {
        abs(one - other) <= 1e-5 * max(one, other) + 1e-15
    }
}
