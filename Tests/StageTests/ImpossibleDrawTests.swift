import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Draws that cannot have been made")
struct ImpossibleDrawTests {
    /// Impossible cells of a stream, each as column, codebook and id.
    private func impossible(
        _ stream: [[Int64]], row: [Float], _ profile: GenerationProfile
    ) throws -> [[Int]] {
        let stream = matrix(stream)
        let facts = GenerationFacts(
            logits: logits(row, steps: stream.columns - 1), referenceColumns: matrix([[], []]),
            segments: [stream])
        return try #require(GenerationStage.impossibleDraws(facts, under: profile)).map {
            [$0.column, $0.codebook, $0.id]
        }
    }

    private let falling: [Float] = [5, 4, 3, 2, 1, 0]

    @Test("an id below the k largest cannot have been drawn")
    func topK() throws {
        var profile = smallSampler()
        profile.topK = 2
        #expect(try impossible([[4, 2, 1], [4, 4, 0]], row: falling, profile) == [[1, 0, 2]])
    }

    @Test("an id that ties with the k-th largest can")
    func tie() throws {
        var profile = smallSampler()
        profile.topK = 2
        #expect(try impossible([[4, 2, 1], [4, 4, 3]], row: [5, 4, 4, 4, 1, 0], profile).isEmpty)
    }

    @Test("an id outside the nucleus cannot, one that ties with its edge can")
    func nucleus() throws {
        var profile = smallSampler()
        profile.topP = 0.5
        #expect(try impossible([[4, 3], [4, 4]], row: falling, profile) == [[1, 0, 3]])
        #expect(try impossible([[4, 0], [4, 4]], row: [1, 1, 1, 1, -40, -40], profile).isEmpty)
    }

    @Test("forced BOS and EOS cells are not judged, drawn ones are")
    func forced() throws {
        var profile = smallSampler()
        profile.topK = 2
        // Column 2: the first codebook draws EOS, which has the smallest logit; column 3: it is forced.
        #expect(try impossible([[4, 1, 5, 5], [4, 4, 1, 0]], row: falling, profile) == [[2, 0, 5]])
    }

    @Test("an id may come from the raw logits where the repetition window asks for another draw")
    func redrawn() throws {
        var profile = smallSampler()
        profile.topK = 1
        let stream: [[Int64]] = [[4, 0, 0, 3], [4, 4, 0, 0]]
        #expect(try impossible(stream, row: falling, profile) == [[3, 0, 3]])
        profile.rasWinLen = 7
        #expect(try impossible(stream, row: falling, profile).isEmpty)
        // Before the window is full enough nothing is drawn again.
        #expect(try impossible([[4, 0, 3], [4, 4, 0]], row: falling, profile) == [[2, 0, 3]])
    }

    @Test("any of the ids that tie at the nucleus's edge may have asked for the other draw")
    func redrawnTie() throws {
        var profile = smallSampler()
        (profile.topP, profile.rasWinLen) = (0.4, 7)
        // Which of the three largest are kept is torch.sort's choice; 0 stands twice in the window.
        let row: [Float] = [9, 9, 9, 0, -40, -40]
        #expect(try impossible([[4, 0, 0, 3], [4, 4, 0, 0]], row: row, profile).isEmpty)
    }

    @Test("without logits nothing is said")
    func nothing() {
        let profile = smallSampler()
        let stream = matrix([[4, 0], [4, 4]])
        let bare = GenerationFacts(logits: nil, referenceColumns: matrix([[], []]), segments: [stream])
        #expect(GenerationStage.impossibleDraws(bare, under: profile) == nil)
    }

    @Test("without sampling only the largest can have been taken, or what ties with it")
    func greedy() throws {
        var profile = smallSampler()
        profile.doSample = false
        #expect(try impossible([[4, 0, 1], [4, 4, 0]], row: falling, profile) == [[2, 0, 1]])
        #expect(try impossible([[4, 0, 1], [4, 4, 0]], row: [5, 5, 3, 2, 1, 0], profile).isEmpty)
    }
}
