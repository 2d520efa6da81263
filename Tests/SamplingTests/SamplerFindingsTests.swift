import AlignmentKit
import Foundation
import Testing

@testable import AlignmentDiagnosis

@Suite("What the sampler did, on upstream's own recordings")
struct SamplerFindingsTests {
    static let recorded = [
        "plain", "voice-clone", "two-segments", "budget", "silent-output", "voice-clone-greedy",
    ]

    private func holds<Value: Comparable>(_ span: SamplerRegion.Span<Value>?, _ value: Value) -> Bool {
        guard let span else { return false }
        return (span.above.map { $0 < value } ?? true) && (span.below.map { value < $0 } ?? true)
    }

    /// Whether each parameter of a setting lies in what a region leaves of it.
    private func holds(_ region: SamplerRegion, _ setting: SamplerSetting) -> Bool {
        let repetition: SamplerRegion.Repetition = setting.repetition == nil ? .off : .on
        guard region.repetition == .undecided || region.repetition == repetition else { return false }
        guard let temperature = setting.temperature else { return region.includesGreedy }
        return holds(region.temperature, temperature)
            && holds(region.temperatureAsDeclared, temperature)
            && (setting.topK.map { holds(region.topK, $0) } ?? region.includesNoTopK)
            && (setting.topP.map { holds(region.topP, $0) } ?? region.includesNoTopP)
    }

    @Test("the declared setting lies in every region, with scores and without", arguments: recorded)
    func declared(name: String) throws {
        for recording in [try Recording(name), try Recording(name).withoutScores()] {
            let found = recording.findings()
            #expect(found.verdict == .consistent)
            #expect(found.impossibleDraws.isEmpty)
            #expect(try #require(found.evidenceAgainstDeclared) < log(20))
            #expect(holds(try #require(found.region), found.declared))
            #expect(holds(try #require(found.widestRegion), found.declared))
            #expect(found.repetition?.verdict == .undecided)
            #expect(found.skippedDraws == 0 && found.draws > 190)
        }
        #expect(try Recording(name).findings().scores.status == .declared)
        #expect(try Recording(name).withoutScores().findings().scores.status == .notRecorded)
    }

    @Test("the silent pipeline's setting is told from the serving engine's, both ways")
    func story() throws {
        let silent = try Recording("silent-output").withoutScores()
        let engine = try Recording("voice-clone").withoutScores()
        let name = { (found: SamplerFindings, name: String) in found.alternatives.first { $0.name == name } }
        let fromSilent = try #require(name(silent.findings(), "the reference's setting"))
        let fromEngine = try #require(name(engine.findings(), "the silent pipeline's setting"))
        #expect(fromSilent.isExcluded && fromEngine.isExcluded)
        #expect(try #require(fromSilent.stepsNeeded) < 58 && #require(fromEngine.stepsNeeded) < 58)

        // Each declared in the other's place is contradicted by the draws.
        let wrong = silent.findings(declaring: .serveEngine)
        #expect(wrong.verdict == .contradicted && wrong.scores.status == .notRecorded)
        #expect(wrong.impossibleDraws.isEmpty)
        #expect(try #require(wrong.evidenceAgainstDeclared) > log(1e4))
        let hot = engine.findings(declaring: .silentOutput)
        #expect(hot.verdict == .contradicted && !hot.impossibleDraws.isEmpty)
        #expect(hot.evidenceAgainstDeclared == .infinity)
    }

    @Test("scores of other parameters contradict the declared ones, whatever the draws say")
    func scores() throws {
        let recording = try Recording("voice-clone").declaring(["generation.temperature": .number(0.69)])
        let found = recording.findings()
        #expect(found.verdict == .contradicted && found.scores.status == .other)
        #expect(found.scores.setting?.temperature == 0.7)
        // The draws alone could not tell 0.69 from 0.7.
        #expect(recording.withoutScores().findings().verdict == .consistent)
    }

    @Test("scores that no parameters give contradict the declared ones")
    func unexplained() throws {
        var recording = try Recording("voice-clone")
        let scores = try #require(recording.scores)
        // A bias on every third id is no temperature, top-k or top-p.
        recording.scores = try NDArray(
            shape: scores.shape, scalars: scores.scalars.enumerated().map { $0 % 3 == 0 ? $1 + 0.5 : $1 })
        let found = recording.findings()
        #expect(found.scores.status == .unexplained && found.scores.setting == nil)
        #expect(found.verdict == .contradicted && found.why == found.scores.why)
    }

    @Test("scores of parameters that nobody declared contradict nothing")
    func undeclaredScores() throws {
        var recording = try Recording("silent-output")
        let profile = try #require(recording.capture.samples[0].profile?.object)
        recording.capture.samples[0].profile = .object(
            profile.filter { !SamplerExaminer.knobs.contains($0.key) })
        let found = recording.findings()
        #expect(found.scores.status == .undeclared && found.scores.setting?.temperature == 0.3)
        #expect(found.verdict == .consistent && found.acting.temperature == 0.3)
    }

    @Test("the page says how many settings the draws are held against")
    func page() throws {
        let grid = SettingGrid(
            around: SamplerSetting(temperature: 0.7, topP: 0.95, repetition: .upstream),
            rules: [nil, .upstream])
        let page = try String(contentsOfFile: "\(Recording.root)/docs/sampling.md", encoding: .utf8)
        #expect(grid.temperatures.count == 70 && page.contains("70 temperatures from 0.055 to 2.9"))
        #expect(Set(grid.cuts.map(\.topK)).count == 11 && page.contains("11 values of top_k"))
        #expect(Set(grid.cuts.map(\.topP)).count == 13 && page.contains("13 of top_p"))
        #expect((19_500..<20_500).contains(grid.count) && page.contains("some 20,000 settings"))
    }

    @Test(
        "what no such logits tell apart is said to be so, and a difference that more steps would show has a number"
    )
    func notEnough() throws {
        let found = try Recording("budget").withoutScores().findings()
        let other = { (name: String) in found.alternatives.first { $0.name == name } }
        let wide = try #require(other("top_p none"))
        #expect(!wide.isExcluded && (wide.stepsNeeded ?? 0) > found.steps)
        let count = try #require(other("top_k 50"))
        #expect(!count.isExcluded && count.stepsNeeded == nil)
        let off = try #require(other("repetition-aware sampling off"))
        #expect(!off.isExcluded && off.stepsNeeded == nil)
        #expect(found.repetition?.eligibleRows == 52 && found.repetition?.observedRepeats == 0)
    }

    @Test("a stream at temperature 0.3 is greedy, or below some temperature")
    func cold() throws {
        let region = try #require(try Recording("silent-output").withoutScores().findings().region)
        #expect(region.includesGreedy && region.temperatureAsDeclared?.above == nil)
        #expect(try #require(region.temperatureAsDeclared?.below) < 0.7)
        #expect(region.words.hasPrefix("greedy, or temperature below "))
    }

    @Test("requests that declare the same are weighed together, and leave less")
    func pooled() throws {
        let requests = try ["plain", "voice-clone", "two-segments", "silent-output"].map { name in
            (
                name: name, draws: try #require(try Recording(name).explainer().weighedDraws()),
                repaired: [String]?.none
            )
        }
        let pools = PooledDraws.pools(requests, level: 1e-4)
        #expect(pools.map(\.requests) == [["plain", "voice-clone", "two-segments"]])
        let pool = try #require(pools.first)
        #expect(pool.verdict == .consistent && pool.draws == 360 + 408 + 768)
        #expect(pool.repaired == nil)
        #expect(holds(pool.region, pool.declared))
        let alone = try #require(try Recording("plain").findings().region?.temperatureAsDeclared)
        let together = try #require(pool.region.temperatureAsDeclared)
        #expect(try #require(alone.above) < #require(together.above))
        #expect(try #require(together.below) < #require(alone.below))
    }

    @Test("draws survive the way between processes")
    func coded() throws {
        let draws = try #require(try Recording("budget").explainer().weighedDraws())
        let back = try JSONText.decode(WeighedDraws.self, from: JSONText.encode(draws))
        #expect(back.declared == draws.declared && back.likelihood.upper == draws.likelihood.upper)
        #expect(back.likelihood.lower == draws.likelihood.lower && back.rules == draws.rules)
        #expect(back.declaredLikelihood.draws == draws.likelihood.draws)
    }
}
