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
                try TokensStage.run(each.streams, under: each.profile, model: ModelConfiguration())
                    .map(PackedTensor.init)
            }
        }
    }

    @Test("the port's search for BOS and EOS columns gives its codes, or raises what it raises")
    func port() async throws {
        let trial = Trial("port tokens")
        let cases = trial.cases(2000, PortTokensCase.init)
        let answers = try await Oracle.port.ask("port_tokens", cases, for: [PackedTensor].self)
        let profile = ProfileDescription.transformersPort.resolved(for: ModelConfiguration()).tokens
        trial.compare(cases, with: answers) { each in
            Outcome { () throws(UpstreamError) in
                try TokensStage.run(each.streams, under: profile, model: ModelConfiguration())
                    .map(PackedTensor.init)
            }
        }
    }
}
