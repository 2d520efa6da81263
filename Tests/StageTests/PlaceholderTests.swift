import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Placeholder rule")
struct PlaceholderTests {
    private let rule = Placeholders(audioIn: 15, audioOut: 16, openers: [11, 13], closer: 12)

    @Test(
        "surplus placeholders leave with their neighbours, <|AUDIO_OUT|> ones are kept first",
        arguments: [
            // As many as segments, or fewer: nothing leaves.
            ([1, 11, 15, 12, 2], 1, [1, 11, 15, 12, 2]),
            ([1, 11, 15, 12, 2], 3, [1, 11, 15, 12, 2]),
            ([1, 2], 0, [1, 2]),
            // The story's prompt: one segment, <|AUDIO|> typed before <|AUDIO_OUT|>.
            ([1, 11, 15, 12, 2, 13, 16, 12, 3], 1, [1, 2, 13, 16, 12, 3]),
            ([13, 16, 12, 11, 15, 12], 1, [13, 16, 12]),
            // Of several of a kind the first are kept.
            ([13, 16, 12, 13, 16, 12, 11, 15, 12], 1, [13, 16, 12]),
            ([11, 15, 12, 11, 15, 12, 13, 16, 12], 2, [11, 15, 12, 13, 16, 12]),
            ([11, 15, 12, 13, 16, 12], 0, []),
            // Only neighbours that belong to a placeholder leave with it.
            ([1, 15, 2], 0, [1, 2]), ([15], 0, []), ([15, 12], 0, []), ([11, 15], 0, []),
            ([12, 15, 11], 0, [12, 11]), ([13, 15, 12, 5], 0, [5]),
        ] as [([Int64], Int, [Int64])])
    func surplus(prompt: [Int64], segments: Int, kept: [Int64]) {
        #expect(rule.droppingSurplus(in: prompt, segments: segments) == kept)
    }
}
