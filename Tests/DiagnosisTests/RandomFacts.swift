@testable import AlignmentDiagnosis
import AlignmentKit
import TestSupport

/// One random request of a small model, and profiles for it.
struct RandomFacts {
    /// Three codebooks of eight codes.
    static let model: ModelConfiguration = {
        var model = ModelConfiguration()
        (model.audioNumCodebooks, model.audioCodebookSize) = (3, 8)
        (model.audioStreamBOS, model.audioStreamEOS) = (8, 9)
        (model.padTokenID, model.audioInTokenID, model.audioOutTokenID) = (10, 11, 12)
        (model.audioBOSTokenID, model.audioEOSTokenID, model.audioOutBOSTokenID) = (13, 14, 15)
        (model.eotTokenID, model.assistantHeader) = (16, [17, 18])
        return model
    }()

    var model = Self.model
    var sample: SampleCapture
    /// Streams long enough for every step to have something to do, with logits.
    var isOrdinary: Bool

    init(using dice: inout SplitMix) {
        model.skipAudioTower = Bool.random(using: &dice)
        isOrdinary = Int.random(in: 0..<4, using: &dice) > 0
        let lengths = isOrdinary ? 12...20 : 1...9
        let streams = (0..<Int.random(in: 1...2, using: &dice)).map { _ in
            Self.stream(columns: Int.random(in: lengths, using: &dice), using: &dice)
        }
        let steps = streams.reduce(0) { $0 + $1.columns - 1 }
        var logits: NDArray<Float>?
        if isOrdinary {
            var values = NDArray<Float>(repeating: 0, shape: .cube(steps, 3, 10))
            for index in 0..<steps * 30 {
                values.replace(index..<index + 1, with: [Float.random(in: -4...4, using: &dice)])
            }
            logits = values
        }
        let columns = Int.random(in: 0...3, using: &dice)
        let generation = GenerationFacts(
            logits: logits,
            referenceColumns: NDArray(rows: 3, columns: columns) { _, _ in
                Int64.random(in: 0...3, using: &dice)
            },
            segments: streams)
        let items = (0..<Int.random(in: 1...2, using: &dice)).map { _ in Self.item(using: &dice) }
        sample = SampleCapture(
            name: "0", profile: nil,
            collator: StageRecord(facts: CollatorFacts(items: items), captured: nil, golden: nil),
            generation: StageRecord(facts: generation, captured: nil, golden: nil),
            tokens: StageRecord(facts: streams, captured: nil, golden: nil), decode: nil, textIDs: nil,
            stop: nil,
            written: [])
    }

    /// A stream that begins in BOS and, half of the time, ends in EOS; few ids, so that they repeat.
    private static func stream(columns: Int, using dice: inout SplitMix) -> NDArray<Int64> {
        let largest = Bool.random(using: &dice) ? Int64(3) : 7
        var cells = NDArray<Int64>(rows: 3, columns: columns) { row, column in
            column <= row ? 8 : Int64.random(in: 0...largest, using: &dice)
        }
        if Bool.random(using: &dice) {
            for row in 0..<3 { for column in max(columns - 3 + row, 0)..<columns { cells[row, column] = 9 } }
        }
        if Int.random(in: 0..<4, using: &dice) == 0, columns > 5 { cells[1, 4] = 9 }
        return cells
    }

    private static func item(using dice: inout SplitMix) -> CollatorItem {
        let alphabet: [Int64] = Bool.random(using: &dice) ? [1, 2, 3] : [1, 2, 3, 11, 12, 12]
        var prompt = (0..<Int.random(in: 3...9, using: &dice)).map { _ in
            alphabet.randomElement(using: &dice) ?? 1
        }
        if Bool.random(using: &dice) { prompt.append(16) }
        if Bool.random(using: &dice) { prompt += [17, 18] }
        if Bool.random(using: &dice) { prompt.append(15) }
        let segments = (0..<Int.random(in: 0...2, using: &dice)).map { _ in
            EncodedSegment(
                codes: NDArray(rows: 3, columns: Int.random(in: 1...4, using: &dice)) { _, _ in
                    Int64.random(in: 0...7, using: &dice)
                })
        }
        var built = ChatMLSample(inputIDs: prompt)
        if Bool.random(using: &dice) {
            built.audioIDsConcat = segments.first?.codes ?? NDArray(repeating: 0, shape: .matrix(3, 2))
        }
        if Bool.random(using: &dice) {
            let count = Int.random(in: 10...60, using: &dice)
            built.waveformsConcat = [Float](repeating: 0.5, count: count)
            built.waveformsStart = [0]
            built.sampleRates = [16_000]
        }
        if Int.random(in: 0..<5, using: &dice) == 0 { built.labelIDs = prompt.map { _ in 1 } }
        return CollatorItem(promptIDs: prompt, segments: segments, built: built)
    }

    /// Labels as long as the prompt do not fit one whose placeholders are taken out or repeated.
    mutating func dropLabels() {
        for index in sample.collator?.facts.items.indices ?? 0..<0 {
            sample.collator?.facts.items[index].built?.labelIDs = nil
        }
    }

    /// The reference with some knobs of a stage turned.
    mutating func profile(for knob: Knob, using dice: inout SplitMix) -> Profile {
        var profile = ProfileDescription.serveEngine.resolved(for: model)
        for each in Knob.all where each.stage == knob.stage && Int.random(in: 0..<4, using: &dice) == 0 {
            guard let value = Self.values[each.key]?.randomElement(using: &dice) else { continue }
            _ = each.set(value, in: &profile)
        }
        // Ids that count otherwise than codes in the window need several knobs at once.
        if knob.key == "generation.audio_stream_bos_id", Int.random(in: 0..<4, using: &dice) == 0 {
            (profile.generation.useDelayPattern, profile.generation.rasCountsSpecials) = (false, false)
            profile.generation.rasMaxRepeat = Int.random(in: 1...4, using: &dice)
        }
        // So does what Whisper reads; its features take long.
        if !Self.isWhispers(knob) {
            profile.collator.encodeWhisperEmbed =
                profile.collator.encodeWhisperEmbed && Int.random(in: 0..<8, using: &dice) == 0
        } else if Bool.random(using: &dice) {
            (profile.collator.encodeWhisperEmbed, profile.collator.waveforms) = (true, .attached)
            (profile.collator.waveformsStart, profile.collator.waveformSampleRate) = (.exclusive, 16_000)
            (profile.collator.placeholders, profile.collator.returnAudioInTokens) = (.asPrompted, false)
            profile.collator.segmentCodes = .asEncoded
        }
        if profile.collator.placeholders == .onePerSegment || profile.collator.encodeWhisperEmbed {
            dropLabels()
        }
        return profile
    }

    /// Whether a knob acts on what the Whisper processor gets.
    static func isWhispers(_ knob: Knob) -> Bool {
        ["waveform", "whisper", "chunk_size"].contains { knob.key.contains($0) }
    }
}
