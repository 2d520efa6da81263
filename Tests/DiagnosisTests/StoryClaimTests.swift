@testable import AlignmentDiagnosis
import AlignmentKit
import Foundation
import Testing

/// The story's claims, one test each (docs/story.md).
@Suite("The story's claims")
struct StoryClaimTests {
    private let model = ModelConfiguration()
    private var engine: Profile { ProfileDescription.serveEngine.resolved(for: model) }
    private var silent: Profile { ProfileDescription.silentOutput.resolved(for: model) }

    /// Streams of eight codebooks with special ids anywhere, and some ids that are none.
    private static func streams(_ columns: ClosedRange<Int>) -> [NDArray<Int64>] {
        var random = SystemRandomNumberGenerator()
        return (0..<300).map { index in
            let length = columns.lowerBound + index % columns.count
            return NDArray(rows: 8, columns: length) { _, _ in
                Int.random(in: 0..<20, using: &random) == 0
                    ? [1024, 1025, -3, 4000].randomElement(using: &random) ?? 0
                    : Int64.random(in: 0...1023, using: &random)
            }
        }
    }

    private func codes(_ stream: NDArray<Int64>, _ order: [TokenStep]) throws(UpstreamError)
        -> [NDArray<Int64>]
    {
        var profile = engine.tokens
        profile.order = order
        return try TokensStage.run([stream], under: profile, model: model)
    }

    @Test("clipping before or after the strip, or before the revert, gives the same codes")
    func clipCommutes() throws {
        for stream in Self.streams(8...120) {
            let expected = try codes(stream, [.revert, .clip, .strip])
            #expect(try codes(stream, [.revert, .strip, .clip]) == expected)
            #expect(try codes(stream, [.clip, .revert, .strip]) == expected)
        }
    }

    @Test("stripping before the revert gives the same codes from nine columns on, and raises at eight")
    func stripCommutes() throws {
        for stream in Self.streams(9...120) {
            #expect(
                try codes(stream, [.strip, .revert, .clip]) == codes(stream, [.revert, .clip, .strip]))
        }
        let short = Self.streams(8...8)[0]
        #expect(try codes(short, [.revert, .clip, .strip])[0].columns == 0)
        #expect(throws: UpstreamError.self) { try codes(short, [.strip, .revert, .clip]) }
    }

    @Test("after the clip no id is EOS, so a check there finds none in any stream; below 1023 it was none")
    func eosAfterClip() throws {
        let delayed = DelayPattern.build(
            NDArray(rows: 8, columns: 30) { $1 == 0 ? 1024 : $1 == 29 ? 1025 : Int64($0 + $1) },
            bos: 1024, eos: 1025)
        #expect(StreamEnds(delayed, model: model)?.endsInEos == true)
        var profile = silent.tokens
        profile.strip = .none
        let clipped = try TokensStage.run([delayed], under: profile, model: model)[0]
        #expect(clipped[0, clipped.columns - 1] == 1023)
        for stream in Self.streams(9...60) {
            let before = try DelayPattern.revert(stream)
            let after = try TokensStage.run([stream], under: profile, model: model)[0]
            #expect(!after.scalars.contains(Int64(model.audioStreamEOS)))
            for (id, clipped) in zip(before.scalars, after.scalars) where clipped < 1023 {
                #expect(id != Int64(model.audioStreamEOS))
            }
        }
    }

    /// A request of as many placeholders as segments.
    private func item(_ placeholders: [Int]) -> CollatorItem {
        let segments = placeholders.indices.map { index in
            EncodedSegment(
                codes: NDArray(rows: 8, columns: 3 + index) { Int64(100 * index + 8 * $1 + $0) })
        }
        let prompt: [Int64] = placeholders.flatMap { [128_000, Int64($0), 128_001] as [Int64] }
        return CollatorItem(promptIDs: prompt, segments: segments)
    }

    private func batch(
        _ item: CollatorItem, _ change: (inout CollatorProfile) -> Void
    ) throws(UpstreamError) -> [NamedField] {
        var profile = engine.collator
        change(&profile)
        let facts = CollatorFacts(items: [item])
        let fields = try CollatorStage.run(facts, under: profile, model: model).fields
        return LiveFields.of(fields, stage: .collator, model: model)
    }

    private static let prompts = [
        [], [128_016], [128_015], [128_016, 128_016], [128_015, 128_016], [128_016, 128_015, 128_016],
    ]

    @Test("the total behind the starts is harmless alone", arguments: prompts)
    func trailingStart(placeholders: [Int]) throws {
        let item = item(placeholders)
        for flag in [true, false] {
            let without = try batch(item) { $0.returnAudioInTokens = flag }
            let with = try batch(item) {
                $0.returnAudioInTokens = flag
                $0.audioIDsStart = .withTotal
            }
            #expect(with == without)
        }
    }

    @Test(
        "return_audio_in_tokens matters where the prompt holds <|AUDIO|>, and only there", arguments: prompts)
    func returnAudioInTokens(placeholders: [Int]) throws {
        let item = item(placeholders)
        let kept = try batch(item) { $0.returnAudioInTokens = true }
        let lost = try batch(item) { $0.returnAudioInTokens = false }
        #expect((kept != lost) == placeholders.contains(128_015))
    }

    @Test("the stop strings of every pipeline that upstream's code runs are the same")
    func stopStrings() {
        for profile in [ProfileDescription.generationScript, .silentOutput, .storyFix] {
            #expect(
                profile.resolved(for: model).generation.stopStrings == engine.generation.stopStrings)
        }
    }

    @Test("the story compares neither temperature, nor top_k, nor repetition-aware sampling")
    func leftOut() {
        #expect(silent.generation.temperature != engine.generation.temperature)
        #expect(silent.generation.topK != engine.generation.topK)
        #expect(silent.generation.rasWinLen == nil && engine.generation.rasWinLen == 7)
    }

    @Test("a limit on tokens cuts a stream and changes nothing before the cut; what is left is no silence")
    func budget() throws {
        let archive = try ArchiveReader(file: Self.root + "/golden/budget.h5")
        let sample = "samples/000000"
        let cut = try archive.int64(at: "\(sample)/generation/captured/segments/0/delayed", rank: 2)
        let whole = try archive.int64(at: "\(sample)/run_golden/segments/0/delayed", rank: 2)
        #expect(cut.columns < whole.columns)
        #expect(cut == whole.columns(0..<cut.columns))
        let waveform = try archive.float32(at: "\(sample)/decode/captured/calls/0/waveform", rank: 1)
        #expect(SoundEnergy(waveform.scalars).acEnergy > SoundLevel.gate)
        #expect(StreamEnds(cut, model: model)?.endsInEos == false)
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
}
