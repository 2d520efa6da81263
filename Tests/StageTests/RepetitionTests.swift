import AlignmentKit
import Testing

@testable import AlignmentStages

/// Small streams whose redraws can be counted by hand, after upstream's `_sample_audio_tokens`.
@Suite("Repetition-aware sampling")
struct RepetitionTests {
    private func redraws(
        _ stream: [[Int64]], reference: [[Int64]] = [[], []], window: Int?, limit: Int = 2
    ) -> [[Int]] {
        var profile = smallSampler()
        (profile.rasWinLen, profile.rasMaxRepeat) = (window, limit)
        let facts = GenerationFacts(
            logits: nil, referenceColumns: matrix(reference), segments: [matrix(stream)])
        return GenerationStage.redraws(facts, under: profile).map { [$0.column, $0.codebook] }
    }

    @Test("an id that stands twice in the window is drawn again, only in its own codebook")
    func repeats() {
        #expect(redraws([[4, 1, 1, 1, 1], [4, 4, 0, 1, 2]], window: 7) == [[3, 0], [4, 0]])
        #expect(
            redraws([[4, 1, 1, 1, 1], [4, 4, 0, 1, 2]], window: 1, limit: 1) == [[2, 0], [3, 0], [4, 0]])
    }

    @Test("a window that is off draws nothing again")
    func off() {
        #expect(redraws([[4, 1, 1, 1, 1], [4, 4, 1, 1, 1]], window: nil).isEmpty)
    }

    @Test("the reference's columns count, as far as the window reaches")
    func reference() {
        let stream: [[Int64]] = [[4, 1], [4, 4]]
        #expect(redraws(stream, reference: [[1, 1], [0, 0]], window: 7) == [[1, 0]])
        #expect(redraws(stream, reference: [[1, 1], [0, 0]], window: 3) == [[1, 0]])
        #expect(redraws(stream, reference: [[1, 1], [0, 0]], window: 2).isEmpty)
    }

    @Test("a window of no columns is all columns, as Python's [-0:] is")
    func zero() {
        #expect(redraws([[4, 1, 2, 1, 1], [4, 4, 0, 0, 0]], window: 0) == [[4, 0], [4, 1]])
    }

    @Test("forced cells are no draws")
    func forced() {
        // The first codebook ends at column 2, the second is not live before column 2.
        #expect(
            redraws([[4, 1, 5, 5], [4, 4, 1, 5]], window: 7, limit: 0) == [
                [1, 0], [2, 0], [2, 1], [3, 1],
            ])
    }
}
