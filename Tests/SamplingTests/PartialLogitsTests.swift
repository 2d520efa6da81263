import AlignmentKit
import Testing

@testable import AlignmentDiagnosis

@Suite("The largest logits alone")
struct PartialLogitsTests {
    @Test("they never contradict what all logits allow, and say what they lose", arguments: [64, 16])
    func weaker(count: Int) throws {
        for name in ["voice-clone", "silent-output", "budget"] {
            let full = try Recording(name).withoutScores()
            let top = try Recording(name).withTopLogits(count)
            let (all, part) = (full.findings(), top.findings())
            #expect(part.verdict == .consistent && part.logits == .top(count))
            #expect(part.draws == all.draws && !part.losses.isEmpty && all.losses.isEmpty)
            #expect(
                try #require(part.evidenceAgainstDeclared) <= #require(all.evidenceAgainstDeclared) + 0.01)
            // Setting by setting, what all logits do not exclude the largest ones do not either.
            let weighed = try #require(full.explainer().weighedDraws())
            let partly = try #require(top.explainer().weighedDraws())
            for (whole, bound) in zip(weighed.likelihood.upper, partly.likelihood.upper) {
                #expect(bound >= whole - 1e-3)
                if bound < whole - 1e-3 { break }
            }
            for (whole, bound) in zip(weighed.likelihood.lower, partly.likelihood.lower) {
                #expect(bound <= whole + 1e-3)
                if bound > whole + 1e-3 { break }
            }
        }
    }

    @Test("they still tell the silent pipeline's setting from the serving engine's")
    func story() throws {
        let silent = try Recording("silent-output").withTopLogits(64)
        #expect(silent.findings(declaring: .serveEngine).verdict == .contradicted)
        let engine = try Recording("voice-clone").withTopLogits(64)
        let hot = engine.findings(declaring: .silentOutput)
        #expect(hot.verdict == .contradicted && !hot.impossibleDraws.isEmpty)
    }

    @Test("P(EOS) is a bound where EOS is not among them")
    func eos() throws {
        let all = try Recording("budget").findings().trace
        let part = try Recording("budget").withTopLogits(16).findings().trace
        var unknown = 0
        for (whole, bound) in zip(all, part) {
            for index in whole.codebooks.indices {
                #expect(bound.rawEos[index] >= whole.rawEos[index] - 1e-6)
                if bound.eosRank[index] == nil {
                    unknown += 1
                    #expect(try #require(whole.eosRank[index]) > 16 - 1)
                } else {
                    #expect(bound.eosRank[index] == whole.eosRank[index])
                }
            }
        }
        #expect(unknown > 0)
    }
}
