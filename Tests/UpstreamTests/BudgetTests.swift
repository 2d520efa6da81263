import AlignmentKit
import AlignmentStages
import Testing

@Suite("The story's adaptive budget in Python's floating point")
struct BudgetTests {
    private struct Case: Encodable {
        let text: String
        let isLater: Bool

        init(_ dice: inout Dice) {
            isLater = dice.chance(0.5)
            let spaces = [" ", " ", "\n", "\u{a0}", "\u{3000}", "\u{1c}", "\u{200b}", "  "]
            let letters = ["a", "\u{645}", "\u{631}\u{64e}", "e\u{301}", "\u{1f600}", "."]
            // Where words are short their number decides, else the number of characters.
            let longest = dice.pick([2, 14])
            text = dice.list(dice.roll(0...dice.pick([40, 120]))) { dice in
                dice.list(dice.roll(1...longest)) { $0.pick(letters) }.joined() + dice.pick(spaces)
            }.joined()
        }
    }

    @Test("texts of any script have the limit that the scripts give them")
    func budget() async throws {
        let trial = Trial("budget")
        let cases = trial.cases(2000, Case.init)
        let answers = try await Oracle.shared.ask("budget", cases, for: Int.self)
        trial.compare(cases, with: answers) { each in
            .value(AdaptiveBudget(each.isLater ? .adaptive : .adaptive150)?.tokens(for: each.text) ?? 0)
        }
    }

    @Test("a closed form is one too high where the product is whole")
    func closedForm() throws {
        let text = Array(repeating: "one", count: 13).joined(separator: " ")
        #expect(AdaptiveBudget(.adaptive)?.tokens(for: text) == 179)
        #expect(Int(25 * 1.2 * 13 * 60 / 130) == 180)
    }
}
