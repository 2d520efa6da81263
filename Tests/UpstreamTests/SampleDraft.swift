import AlignmentKit

/// A random sample: mostly one that upstream takes, often one that is wrong in a way that pipelines are.
struct SampleDraft {
    var sample: ChatMLSample

    init(_ profile: CollatorProfile, codebooks: Int, labels: Double, _ dice: inout Dice) {
        let placeholders = dice.pick([0, 1, 1, 2, 2, 3, 4])
        sample = ChatMLSample(inputIDs: Self.prompt(profile, placeholders: placeholders, &dice))
        let ids = sample.inputIDs
        if dice.chance(labels) {
            sample.labelIDs = ids.map { dice.chance(0.4) ? -100 : $0 }
        }
        if dice.chance(0.3) { sample.reward = Float.random(in: -1...1, using: &dice) }
        addCodes(segments: placeholders, codebooks: codebooks, &dice)
        let isIn = Int64(profile.audioInTokenID)
        let heard = profile.encodeWhisperEmbed ? ids.count { $0 == isIn } : 0
        addWaveforms(placeholders: dice.chance(0.5) ? heard : placeholders, profile, &dice)
    }

    /// Text with placeholders in it, each between the tokens around it or, now and then, bare.
    private static func prompt(
        _ profile: CollatorProfile, placeholders: Int, _ dice: inout Dice
    ) -> [Int64] {
        func text(_ dice: inout Dice) -> [Int64] { dice.list(dice.roll(0...8)) { $0.roll(0...128_255) } }
        let isMixed = dice.chance(0.5)
        let first = dice.chance(0.5)
        var ids = dice.chance(0.05) ? [] : text(&dice)
        for _ in 0..<placeholders {
            let isIn = isMixed ? dice.chance(0.5) : first
            let placeholder = Int64(isIn ? profile.audioInTokenID : profile.audioOutTokenID)
            ids += dice.chance(0.85) ? [isIn ? 128_011 : 128_013, placeholder, 128_012] : [placeholder]
            if dice.chance(0.8) { ids += text(&dice) }
        }
        return ids
    }

    private mutating func addCodes(segments: Int, codebooks: Int, _ dice: inout Dice) {
        let count = dice.chance(0.7) ? segments : max(segments + dice.roll(-2...2), 0)
        let lengths = dice.list(count) { $0.chance(0.1) ? 0 : $0.roll(1...30) }
        let total = lengths.reduce(0, +)
        let rows = dice.chance(0.95) ? codebooks : dice.roll(1...12)
        sample.audioIDsConcat = NDArray(rows: rows, columns: total) { _, _ in dice.roll(-2...1100) }
        var rule = dice.pick([SegmentStarts.exclusive, .exclusive, .exclusive, .withTotal])
        if dice.chance(0.2) {
            let wrong = dice.list(dice.roll(0...count + 1)) { $0.roll(-total - 2...total + 2) }
            let disordered = dice.list(count) { $0.roll(0...total) }
            rule = dice.pick([.none, .empty, .explicit(wrong), .explicit(disordered), .explicit(disordered)])
        }
        sample.audioIDsStart = rule.starts(lengths: lengths)
        if dice.chance(0.15) {
            let empty = NDArray<Int64>(repeating: 0, shape: .matrix(0, 0))
            sample.audioIDsConcat = dice.chance(0.5) ? nil : empty
            if dice.chance(0.7) { sample.audioIDsStart = dice.chance(0.5) ? nil : [] }
        }
        guard sample.labelIDs != nil, dice.chance(0.6) else { return }
        let width = dice.chance(0.9) ? total : dice.roll(0...total + 3)
        sample.audioLabelIDsConcat = NDArray(rows: rows, columns: width) { _, _ in dice.roll(-100...1100) }
    }

    private mutating func addWaveforms(placeholders: Int, _ profile: CollatorProfile, _ dice: inout Dice) {
        let kind = dice.roll(0...9)
        guard kind > 0 else { return }
        guard kind > 1 else {
            (sample.waveformsConcat, sample.waveformsStart, sample.sampleRates) = ([], [], [])
            return
        }
        let count = dice.chance(0.8) ? placeholders : max(placeholders + dice.roll(-1...1), 0)
        let lengths = dice.list(count) { dice in
            guard profile.encodeWhisperEmbed else { return dice.roll(0...50) }
            if profile.chunkSizeSeconds < 30 { return dice.roll(0...40_000) }
            return dice.pick([
                0, 1, dice.roll(1...2000), dice.roll(1...2000), 479_999, 480_000, 480_000, 480_001, 960_001,
            ])
        }
        let rule = dice.pick([SegmentStarts.exclusive, .exclusive, .exclusive, .withTotal, .empty, .none])
        sample.waveformsConcat =
            dice.chance(0.97) ? Array(repeating: 0, count: lengths.reduce(0, +)) : nil
        sample.waveformsStart = rule.starts(lengths: lengths)
        let rates = dice.chance(0.9) ? count : max(count - 1, 0)
        let rate = dice.pick([16_000, 16_000, 16_000, 24_000, 44_100, 8000, 22_050.5, 0, -1])
        sample.sampleRates = dice.chance(0.95) ? Array(repeating: rate, count: rates) : nil
    }
}
