import AlignmentKit
import Testing

@Suite("Tokens against upstream")
struct TokensTests {
    @Test("revert, clip, strip, selection and joining give upstream's codes, or raise what it raises")
    func tokens() async throws {
        let trial = Trial("tokens")
        let cases = trial.cases(2500, TokensCase.init)
        let answers = try await Oracle.shared.ask("tokens", cases, for: [PackedTensor].self)
        trial.compare(cases, with: answers) { each in
            Outcome { () throws(UpstreamError) in
                try TokensStage.run(each.streams, under: each.profile).map(PackedTensor.init)
            }
        }
    }
}
