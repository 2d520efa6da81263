import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Sample building")
struct SampleBuildingTests {
    private let model = ModelConfiguration()
    private let reference = ProfileDescription.serveEngine
        .resolved(for: ModelConfiguration()).collator
    private let story = ProfileDescription.silentOutput.resolved(for: ModelConfiguration()).collator

    private func segment(_ columns: Int, rows: Int = 8) -> EncodedSegment {
        EncodedSegment(codes: NDArray(rows: rows, columns: columns) { Int64($0 * 100 + $1) })
    }

    @Test("segments stand side by side, each with its start")
    func segments() throws {
        let item = CollatorItem(promptIDs: [128_016, 128_016], segments: [segment(3), segment(2)])
        let sample = try item.sample(under: reference, model: model)
        #expect(sample.audioIDsStart == [0, 3])
        #expect(sample.audioIDsConcat?.row(1) == [100, 101, 102, 100, 101])
        #expect(sample.waveformsConcat == nil && sample.waveformsStart == nil && sample.sampleRates == nil)
    }

    @Test("the story's pipeline adds the total to the starts and keeps every placeholder")
    func storyPipeline() throws {
        var built = ChatMLSample(inputIDs: [])
        built.waveformsConcat = [0, 0, 0]
        let item = CollatorItem(promptIDs: [128_015, 128_016], segments: [segment(3)], built: built)
        let sample = try item.sample(under: story, model: model)
        #expect(sample.inputIDs == [128_015, 128_016])
        #expect(sample.audioIDsStart == [0, 3])
        #expect(sample.waveformsStart == [0, 3])
        #expect(sample.sampleRates == [16_000])
    }

    @Test("the reference's pipeline drops the placeholder that has no segment")
    func surplus() throws {
        let item = CollatorItem(promptIDs: [5, 128_015, 6, 128_016], segments: [segment(3)])
        #expect(try item.sample(under: reference, model: model).inputIDs == [5, 6, 128_016])
    }

    @Test("the story's prompt gets a reference of no codes: only BOS and EOS")
    func emptyReference() throws {
        let item = CollatorItem(
            promptIDs: [128_015, 128_016], segments: [segment(3)], built: .init(inputIDs: []))
        var profile = story
        profile.encodeWhisperEmbed = false
        let batch = try CollatorStage.run(CollatorFacts(items: [item]), under: profile, model: model)
        #expect(batch.audioOutIDs.shape == .matrix(8, 9))
        #expect(batch.audioOutIDs.scalars.allSatisfy { $0 >= 1024 })
        #expect(batch.audioInIDs?.shape == .matrix(8, 12))
    }

    @Test("the story's repair raises at the second placeholder")
    func storyFix() {
        let profile = ProfileDescription.storyFix.resolved(for: model).collator
        let item = CollatorItem(promptIDs: [128_015, 128_016], segments: [segment(3)])
        let error = #expect(throws: UpstreamError.self) {
            try CollatorStage.run(CollatorFacts(items: [item]), under: profile, model: model)
        }
        #expect(error?.type == "IndexError")
        #expect(error?.message == "index 1 is out of bounds for dimension 0 with size 1")
    }

    @Test("no audio is passed on as None or as tensors of no elements")
    func noAudio() throws {
        let item = CollatorItem(promptIDs: [1], segments: [])
        #expect(try item.sample(under: reference, model: model).audioIDsConcat == nil)
        let empty = try item.sample(under: story, model: model)
        #expect(empty.audioIDsConcat?.shape == .matrix(0, 0))
        #expect(empty.audioIDsStart == [])
    }

    @Test("segments of unequal height raise as torch.cat does")
    func unequalHeights() {
        let item = CollatorItem(promptIDs: [1], segments: [segment(3), segment(3, rows: 4)])
        let error = #expect(throws: UpstreamError.self) { try item.sample(under: reference, model: model) }
        #expect(
            error?.message
                == "Sizes of tensors must match except in dimension 1. Expected size 8 but got size 4 "
                + "for tensor number 1 in the list.")
    }

    @Test("the knobs that a built sample shows are read from it and build it again")
    func observed() throws {
        let pipelines: [(CollatorProfile, [Int64])] = [(reference, [128_016]), (story, [128_015, 128_016])]
        for (builder, placeholders) in pipelines {
            var built = ChatMLSample(inputIDs: [])
            built.waveformsConcat = [0, 0]
            built.sampleRates = [16_000]
            for (prompt, segments) in [([], []), (placeholders, [segment(3)])] {
                var item = CollatorItem(promptIDs: prompt + [7], segments: segments, built: built)
                item.built = try item.sample(under: builder, model: model)
                var observed = reference
                item.observedKnobs(&observed, reference: reference, model: model)
                #expect(try item.sample(under: observed, model: model) == item.built)
            }
        }
    }
}
