import AlignmentKit
import Foundation
import Testing

@testable import AlignmentDiagnosis

// What runs with several repairs at once show of each.
extension InterventionsTests {
    private var both: [String] { [Self.surplus, Self.temperature] }

    @Test("several at once: what they mend together shows none of them alone")
    func jointShown() throws {
        let before = try story()
        let after = try attributed([Arm(asked: both, failing: [])], before)
        #expect(after.causes[0].attribution == .needsIntervention)
        #expect(try setting(after).attribution == .needsIntervention)
        let words =
            "energy: 8 of 8 silent requests are sound with collator.surplus-placeholder and generation.temperature "
            + "repaired, none the other way (p = 0.00391)"
        #expect(after.causes[0].evidence.last == words)
        #expect(try setting(after).evidence.last == words)
        let row = try #require(try experiment(runs([Arm(asked: both, failing: [])])).rows([before]).first)
        #expect(row.note?.hasPrefix("Several were repaired at once") == true)
    }

    @Test("several at once: what they do not mend together, none of them does")
    func jointRefuted() throws {
        let after = try attributed([Arm(asked: both, failing: Set(0..<8))], try story())
        #expect(after.causes[0].attribution == .notShown)
        #expect(try setting(after).attribution == .notShown)
        #expect(after.verdict == .unexplained)
    }

    @Test("several at once, of which one is a cause: it is shown")
    func jointOfOneCause() throws {
        let asked = [Self.surplus, "tokens.no-clip"]
        let after = try attributed([Arm(asked: asked, failing: [])], try story())
        #expect(after.causes[0].attribution == .shown)
        // What follows from it has no effect of its own beside it.
        let withConsequence = try attributed(
            [Arm(asked: [Self.surplus, "collator.return-audio-in-tokens"], failing: [])], try story())
        #expect(withConsequence.causes[0].attribution == .shown)
        let consequence = try #require(
            withConsequence.causes[0].consequences.first { $0.id == "collator.return-audio-in-tokens" })
        #expect(consequence.attribution == .needsIntervention)
    }

    @Test("several at once, of which one could not be tested: none is shown")
    func jointWithUntested() throws {
        var before = try story()
        before.notTested.append(.init(id: "tokens.no-clip", needs: "the codes"))
        let after = try attributed([Arm(asked: [Self.surplus, "tokens.no-clip"], failing: [])], before)
        #expect(after.causes[0].attribution == .needsIntervention)
    }

    @Test("each alone and all together: each has the verdict of its own runs")
    func aloneAndTogether() throws {
        let after = try attributed(
            [
                Arm(asked: [Self.surplus], failing: Set(0..<8)), Arm(asked: [Self.temperature], failing: []),
                Arm(asked: both, failing: []),
            ], try story())
        #expect(after.causes[0].attribution == .notShown)
        #expect(try setting(after).attribution == .shown)
        #expect(after.verdict == .explained)
        #expect(try check(after).explainedBy == [Self.temperature])
        // An undecided verdict of its own is not overruled by the runs of both.
        let few = try attributed(
            [
                Arm(asked: [Self.surplus], failing: Set(2..<8)), Arm(asked: both, failing: Set(0..<8)),
            ], try story())
        #expect(few.causes[0].attribution == .needsIntervention)
    }

    @Test("of several asked for, one that changed nothing leaves the other alone")
    func jointOfOneChanged() throws {
        let arms = [Arm(asked: both, applied: [Self.surplus], failing: [])]
        let after = try attributed(arms, try story())
        #expect(after.causes[0].attribution == .shown)
        #expect(try setting(after).attribution == .needsIntervention)
        #expect(try setting(after).evidence.last?.contains("changed nothing") == true)
        let row = try #require(try experiment(runs(arms)).rows([try story()]).first)
        #expect(
            row.note == "generation.temperature changed nothing in any pair, which decides nothing of it.")
    }

    // MARK: Equivalents

    @Test("runs of an equivalent count for what it cannot be told from")
    func equivalent() throws {
        var before = try story()
        before.causes[0].identified = false
        before.causes[0].equivalent = [["collator.starts-wrong"], ["tokens.no-clip", "tokens.no-strip"]]
        let after = try attributed([Arm(asked: ["collator.starts-wrong"], failing: [])], before)
        #expect(after.causes[0].attribution == .shown)
        #expect(after.causes[0].evidence.last?.contains("with collator.starts-wrong repaired") == true)
        let pair = try attributed([Arm(asked: ["tokens.no-strip", "tokens.no-clip"], failing: [])], before)
        #expect(pair.causes[0].attribution == .shown)
        let half = try attributed([Arm(asked: ["tokens.no-strip"], failing: [])], before)
        #expect(half.causes[0].attribution == .needsIntervention)
        let row = try #require(
            try experiment(runs([Arm(asked: ["collator.starts-wrong"], failing: [])])).rows([before]).first)
        #expect(row.note == nil)
    }

    @Test("an equivalent of two together shows neither of them alone")
    func equivalentOfTwo() throws {
        var before = try story()
        var second = before.causes[0]
        second.id = "collator.codes-order"
        second.consequences = []
        before.causes.append(second)
        for index in 0..<2 {
            before.causes[index].identified = false
            before.causes[index].equivalent = [["collator.starts-wrong"]]
        }
        let shown = try attributed([Arm(asked: ["collator.starts-wrong"], failing: [])], before)
        #expect(shown.causes.map(\.attribution) == [.needsIntervention, .needsIntervention])
        let refuted = try attributed([Arm(asked: ["collator.starts-wrong"], failing: Set(0..<8))], before)
        #expect(refuted.causes.map(\.attribution) == [.notShown, .notShown])
    }

    // MARK: Reading

    @Test("the part that a request has is read from its sample.json")
    func roles() throws {
        func role(_ text: String) throws -> ExperimentRole? {
            ExperimentRole(try JSONText.parse(Data(text.utf8)))
        }
        #expect(
            try role(#"{"arm":"repaired","pair":"0:17","seed":17,"applied":["a"],"asked":["a","b"]}"#)
                == ExperimentRole(arm: .repaired, pair: "0:17", seed: 17, asked: ["a", "b"], applied: ["a"]))
        #expect(
            try role(#"{"arm":"repaired","pair":3,"seed":null,"applied":["a"]}"#)
                == ExperimentRole(arm: .repaired, pair: "3", seed: nil, asked: ["a"], applied: ["a"]))
        #expect(try role(#"{"arm":"as_is","pair":"0:1","seed":1,"applied":[]}"#)?.arm == .asIs)
        #expect(try role(#"{"arm":null,"pair":null,"seed":0,"applied":[]}"#) == nil)
        #expect(try role(#"{"arm":"b","pair":null,"seed":0,"applied":[]}"#) == nil)
        #expect(ExperimentRole(nil) == nil)
    }
}
