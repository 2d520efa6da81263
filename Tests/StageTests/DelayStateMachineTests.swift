import AlignmentKit
import Testing

/// Streams of three codebooks, BOS 4 and EOS 5, after upstream's `_sample_audio_tokens`.
@Suite("Delay state machine")
struct DelayStateMachineTests {
    private func kept(_ drawn: [[Int64]]) -> (columns: [[Int64]], ends: [Bool]) {
        var profile = smallSampler()
        profile.audioNumCodebooks = 3
        var machine = DelayStateMachine(profile)
        var ends: [Bool] = []
        let columns = drawn.map { column in
            let kept = machine.step(column)
            ends.append(machine.hasEnded)
            return kept
        }
        return (columns, ends)
    }

    @Test("one codebook more is live at each step")
    func front() {
        #expect(kept([[1, 1, 1], [1, 1, 1], [1, 1, 1]]).columns == [[1, 4, 4], [1, 1, 4], [1, 1, 1]])
    }

    @Test("an EOS in the first codebook ends the others one step after the other")
    func end() {
        let (columns, ends) = kept([[1, 1, 1], [1, 1, 1], [5, 1, 1], [1, 1, 1], [1, 1, 1]])
        #expect(columns.suffix(3) == [[5, 1, 1], [5, 1, 1], [5, 5, 1]])
        #expect(ends == [false, false, false, false, true])
    }

    @Test("an EOS in a later codebook overwrites the earlier ones, and in the last ends at once")
    func laterRows() {
        #expect(kept([[1, 1, 1], [1, 1, 1], [1, 5, 1]]).columns.last == [5, 5, 1])
        let (columns, ends) = kept([[1, 1, 1], [1, 1, 1], [1, 1, 5]])
        #expect(columns.last == [5, 5, 5])
        #expect(ends.last == true)
    }

    @Test("a second EOS of the same step stays and does not count")
    func secondEOS() {
        let (columns, ends) = kept([[1, 1, 1], [1, 1, 1], [5, 1, 5], [1, 1, 1], [1, 1, 1]])
        #expect(columns[2] == [5, 1, 5])
        #expect(ends == [false, false, false, false, true])
    }

    @Test("an EOS in a row that is not live yet is overwritten and ignored")
    func early() {
        let (columns, ends) = kept([[1, 5, 5], [1, 1, 1]])
        #expect(columns == [[1, 4, 4], [1, 1, 4]])
        #expect(ends == [false, false])
    }
}
