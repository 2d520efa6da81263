import Testing

@testable import AlignmentDiagnosis

@Suite("Whether EOS had a chance")
struct EndTraceTests {
    /// Steps of one codebook with these probabilities of EOS, before any processor and after.
    private func steps(_ raw: [Double], _ drawn: [Double]) -> [StepTrace] {
        zip(raw, drawn).enumerated().map { index, eos in
            StepTrace(
                step: index, segment: 0, column: index + 1, codebooks: [0], ids: [1], rawProbability: [0.5],
                probability: [0.5], rawEntropy: [1], entropy: [1], redrawn: [0], rawEos: [eos.0],
                eos: [eos.1], drewEos: false, eosRank: [2], eosMargin: [1])
        }
    }

    private func reading(_ raw: [Double], _ drawn: [Double]) throws -> EndTrace {
        try #require(EndTrace(steps(raw, drawn), endedInEOS: false, spokenFrames: nil))
    }

    @Test("cut off while EOS was likely: after about how many steps it would have come")
    func withinReach() throws {
        let rising = (0..<40).map { $0 < 30 ? 1e-4 : 0.05 }
        let end = try reading(rising, rising)
        #expect(end.reading == .withinReach && end.stepsToEnd == 20)
        #expect(end.largest == EndTrace.Place(step: 30, probability: end.largest.probability))
        // A chance that has passed supports no number.
        let passed = (0..<40).map { $0 == 34 ? 0.5 : 1e-4 }
        #expect(try reading(passed, passed).stepsToEnd == nil)
    }

    @Test("likely before the processors and cut off by them: kept out")
    func keptOut() throws {
        let likely = [Double](repeating: 0.03, count: 40)
        #expect(try reading(likely, [Double](repeating: 0, count: 40)).reading == .keptOut)
    }

    @Test("next to no chance takes enough steps to say")
    func negligible() throws {
        let low = [Double](repeating: 1e-5, count: 25)
        #expect(try reading(low, low).reading == .negligible)
        #expect(try reading(Array(low.dropLast()), Array(low.dropLast())).reading == .unclear)
    }

    @Test("several codebooks have a chance together")
    func hazard() {
        var step = steps([0.5], [0.25])[0]
        step.rawEos = [0.5, 0.5]
        step.eos = [0.25, 0.5]
        #expect(step.rawHazard == 0.75 && step.hazard == 0.625)
    }

    @Test("upstream's recordings: one met EOS, one was cut off with no chance of it")
    func recorded() throws {
        let met = try #require(try Recording("plain").findings().end)
        #expect(met.reading == .met && met.largest.step == 44 && met.largest.probability > 0.99)
        let cut = try #require(try Recording("budget").findings().end)
        #expect(cut.reading == .negligible && cut.stepsToEnd == nil && cut.spokenFrames == 92)
        #expect(cut.largestRaw.probability < 1e-3 && cut.largest.probability == 0)
    }
}
