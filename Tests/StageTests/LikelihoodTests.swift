import AlignmentKit
import Foundation
import Testing

@testable import AlignmentStages

/// Likelihoods by hand, after upstream's `_sample_audio_tokens`.
@Suite("Likelihood of a draw")
struct LikelihoodTests {
    /// One codebook of which every cell is drawn.
    private func sampler() -> GenerationProfile {
        var profile = smallSampler()
        profile.audioNumCodebooks = 1
        profile.useDelayPattern = false
        return profile
    }

    /// The bounds of each id of a row with these probabilities, after a window that holds these ids.
    private func likelihoods(
        _ probabilities: [Double], after window: [Int64] = [], _ profile: GenerationProfile
    ) throws -> [ClosedRange<Double>] {
        let row = probabilities.map { Float(log($0)) }
        let facts = GenerationFacts(
            logits: try NDArray(shape: .cube(1, 1, row.count), scalars: row),
            referenceColumns: matrix([window]), segments: [matrix([[99, 0]])])
        let setting = SamplerSetting(profile)
        let draw = try #require(
            GenerationStage.draws(facts, under: profile, rules: [setting.repetition]).first)
        let logits = try #require(facts.logitRow(step: 0, codebook: 0))
        return row.indices.map {
            DrawLikelihood(draw.keeping($0), row: logits, eos: 98).bounds(setting, rule: 0)
        }
    }

    private func expect(
        _ bounds: [ClosedRange<Double>], _ exact: [Double], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expect(bounds, low: exact, high: exact, sourceLocation: sourceLocation)
    }

    private func expect(
        _ bounds: [ClosedRange<Double>], low: [Double], high: [Double],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(bounds.count == low.count && bounds.count == high.count, sourceLocation: sourceLocation)
        for (bound, (low, high)) in zip(bounds, zip(low, high)) {
            #expect(abs(bound.lowerBound - low) < 1e-6, "\(bounds)", sourceLocation: sourceLocation)
            #expect(abs(bound.upperBound - high) < 1e-6, "\(bounds)", sourceLocation: sourceLocation)
        }
    }

    private let falling = [0.4, 0.3, 0.2, 0.1]

    @Test("temperature, then the k largest, then the nucleus of what they leave")
    func processors() throws {
        var profile = sampler()
        try expect(likelihoods(falling, profile), falling)
        profile.temperature = 0.5
        try expect(likelihoods(falling, profile), [16 / 30, 9 / 30, 4 / 30, 1 / 30])
        profile.topK = 3
        try expect(likelihoods(falling, profile), [16 / 29, 9 / 29, 4 / 29, 0])
        // 16 / 29 is below 0.6, 25 / 29 is not; of all four, 16 / 30 would be too.
        profile.topP = 0.6
        try expect(likelihoods(falling, profile), [16 / 25, 9 / 25, 0, 0])
        // 0.54 lies between 16 / 30 and 16 / 29.
        profile.topP = 0.54
        try expect(likelihoods(falling, profile), [1, 0, 0, 0])
    }

    @Test("an id that stands twice in the window is drawn again, from the raw logits and without a check")
    func again() throws {
        var profile = sampler()
        (profile.topK, profile.temperature, profile.rasWinLen) = (2, 0.5, 7)
        let window: [Int64] = [0, 0, 1, 2, 2]
        // 16 / 25 of the first draws are 0, and none is 2.
        try expect(
            likelihoods(falling, after: window, profile),
            [0.64 * 0.4, 0.36 + 0.64 * 0.3, 0.64 * 0.2, 0.64 * 0.1])
        profile.rasMaxRepeat = 3
        try expect(likelihoods(falling, after: window, profile), [0.64, 0.36, 0, 0])
        profile.rasMaxRepeat = 1
        try expect(likelihoods(falling, after: window, profile), falling)
        // The last five are 0, 1, 2, 2 and the segment's first column.
        (profile.rasMaxRepeat, profile.rasWinLen) = (2, 5)
        try expect(likelihoods(falling, after: window, profile), [0.64, 0.36, 0, 0])
    }

    @Test("a limit of 0 draws everything again")
    func everything() throws {
        var profile = sampler()
        (profile.topK, profile.rasWinLen, profile.rasMaxRepeat) = (1, 7, 0)
        try expect(likelihoods(falling, profile), falling)
        profile.doSample = false
        try expect(likelihoods(falling, profile), falling)
    }

    @Test("of equals at the nucleus's edge some stay, and which is not known")
    func nucleusTies() throws {
        var profile = sampler()
        profile.topP = 0.5
        let row = [0.4, 0.2, 0.2, 0.2]
        try expect(
            likelihoods(row, profile), low: [2 / 3, 1 / 9, 1 / 9, 1 / 9],
            high: [2 / 3, 1 / 3, 1 / 3, 1 / 3])
        // One of them would be drawn again, if it is one that stays.
        profile.rasWinLen = 7
        try expect(
            likelihoods(row, after: [1, 1], profile),
            low: [2 / 3 + 0.4 / 9, 0.2 / 9, 1 / 9 + 0.2 / 9, 1 / 9 + 0.2 / 9],
            high: [2 / 3 + 0.4 / 3, 0.2 / 3, 1 / 3 + 0.2 / 3, 1 / 3 + 0.2 / 3])
    }

    @Test("what ties with the k-th largest stays")
    func topKTies() throws {
        var profile = sampler()
        profile.topK = 2
        try expect(likelihoods([0.4, 0.2, 0.2, 0.2], profile), [0.4, 0.2, 0.2, 0.2])
        try expect(likelihoods([0.4, 0.25, 0.25, 0.1], profile), [4 / 9, 2.5 / 9, 2.5 / 9, 0])
    }

    @Test("the largest logit is taken, and drawn again all the same")
    func greedy() throws {
        var profile = sampler()
        (profile.doSample, profile.temperature, profile.topK) = (false, 0.5, 1)
        try expect(likelihoods(falling, profile), [1, 0, 0, 0])
        try expect(
            likelihoods([0.4, 0.4, 0.1, 0.1], profile), low: [0.5, 0.5, 0, 0], high: [1, 1, 0, 0])
        profile.rasWinLen = 7
        try expect(likelihoods(falling, after: [1, 1], profile), [1, 0, 0, 0])
        try expect(likelihoods(falling, after: [0, 0], profile), falling)
        try expect(
            likelihoods([0.4, 0.4, 0.1, 0.1], after: [0, 0], profile),
            low: [0.2, 0.5 + 0.2, 0.05, 0.05], high: [0.4, 1, 0.1, 0.1])
    }

    @Test("what an EOS overwrote was any other id")
    func lost() throws {
        var profile = smallSampler()
        profile.topK = 4
        // 5 is EOS. The second codebook draws it in column 2 and overwrites the first one's draw.
        let stream: [[Int64]] = [[4, 0, 5], [4, 4, 5]]
        let row = [0.3, 0.2, 0.1, 0.05, 0.05, 0.3].map { Float(log($0)) }
        let facts = GenerationFacts(
            logits: logits(row, steps: 2), referenceColumns: matrix([[], []]), segments: [matrix(stream)])
        let setting = SamplerSetting(profile)
        let draws = GenerationStage.draws(facts, under: profile, rules: [nil])
        #expect(draws.map(\.isLost) == [false, true, false])
        #expect(draws.map(\.cell.codebook) == [0, 0, 1])
        let bounds = try draws.map { draw in
            let row = try #require(facts.logitRow(step: draw.step, codebook: draw.cell.codebook))
            return DrawLikelihood(draw, row: row, eos: 5).bounds(setting, rule: 0)
        }
        expect(bounds, [3 / 9, 6 / 9, 3 / 9])
    }
}
