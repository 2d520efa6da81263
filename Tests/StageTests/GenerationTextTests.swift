import AlignmentKit
import AlignmentStages
import Testing

@Suite("Text around the audio")
struct GenerationTextTests {
    private let model = ModelConfiguration()

    /// Two segments that end, each after an `<|audio_out_bos|>` of the text head, then `<|eot_id|>`.
    private var facts: GenerationFacts {
        var columns: [[Int64]] = [Array(repeating: 1024, count: 8)]
        for step in 1...14 {
            columns.append((0..<8).map { row in row >= step ? 1024 : row < step - 6 ? 1025 : 7 })
        }
        let stream = NDArray(rows: 8, columns: columns.count) { columns[$1][$0] }
        var facts = GenerationFacts(
            logits: nil, referenceColumns: NDArray(repeating: 0, shape: .matrix(0, 0)),
            segments: [stream, stream])
        facts.text = GenerationFacts.TextFacts(
            promptIDs: [5, 6], generatedIDs: [128_013, 128_016, 128_012, 128_013, 128_016, 128_012, 128_009],
            model: model)
        return facts
    }

    private func text(_ change: (inout GenerationProfile) -> Void = { _ in }) -> [Int64]? {
        var profile = ProfileDescription.serveEngine.resolved(for: model).generation
        change(&profile)
        return GenerationStage.run(facts, under: profile).textIDs
    }

    @Test("is what was recorded, under the profile that it was recorded under")
    func recorded() {
        #expect(text() == facts.text?.generatedIDs)
    }

    @Test("ends with the first segment where <|audio_eos|> is a stop string")
    func stopString() {
        #expect(text { $0.stopStrings.append("<|audio_eos|>") } == [128_013, 128_016, 128_012])
    }

    @Test("ends in <|AUDIO_OUT|> where a limit cuts the audio", arguments: [2, 10])
    func limit(tokens: Int) {
        #expect(text { $0.maxNewTokens = tokens } == [128_013, 128_016])
    }

    @Test("goes on to the second segment's end where a limit lets it")
    func longLimit() {
        #expect(text { $0.maxNewTokens = 30 } == [128_013, 128_016, 128_012, 128_013, 128_016])
    }
}
