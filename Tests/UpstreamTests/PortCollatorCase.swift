import AlignmentKit

/// Prompts, each placeholder once, and the audio that was encoded for them.
struct PortCollatorCase: Encodable {
    let prompts: [PackedTensor]
    let segments: [PackedTensor]
    let audioOut: Int
    let audioDelay: Int
    let audioOutBos: Int
    let pad: Int
    let padSide: String
    let bos: Int
    let eos: Int
    let quantizers: Int
    let labels: Bool

    private enum CodingKeys: CodingKey {
        case prompts, segments, audioOut, audioDelay, audioOutBos, pad, padSide, bos, eos, quantizers, labels
    }

    /// The same requests for the Swift stage.
    let facts: CollatorFacts
    let profile: CollatorProfile

    init(_ dice: inout Dice) {
        let model = ModelConfiguration()
        var profile = ProfileDescription.transformersPort.resolved(for: model).collator
        let codebooks = dice.pick([8, 8, dice.roll(1...12)])
        profile.audioNumCodebooks = dice.chance(0.9) ? codebooks : dice.roll(1...12)
        profile.padSide = dice.chance(0.8) ? .left : .right
        if dice.chance(0.2) {
            (profile.audioStreamBOS, profile.audioStreamEOS) = (dice.roll(0...1030), dice.roll(0...1030))
        }
        let hasLabels = dice.chance(0.4)
        let surplus = dice.pick([0, 0, 0, 0, 1, -1])
        let share = dice.pick([0, 0.1, 0.1])
        let items = dice.list(dice.pick([1, 1, 2, 3])) { dice -> CollatorItem in
            let prompt = dice.list(dice.roll(1...30)) { dice -> Int64 in
                dice.chance(share)
                    ? 128_016
                    : dice.pick([Int64(dice.roll(0...127_999)), 128_013, 128_012, 128_001, 128_015])
            }
            let count = max(prompt.count { $0 == 128_016 } + surplus, 0)
            let segments = dice.list(count) { dice in
                EncodedSegment(
                    codes: NDArray(rows: codebooks, columns: dice.roll(0...20)) { _, _ in
                        dice.chance(0.05) ? dice.pick([1024, 1025]) : dice.roll(0...1023)
                    })
            }
            var built = ChatMLSample(inputIDs: prompt)
            built.labelIDs = hasLabels ? prompt : nil
            return CollatorItem(promptIDs: prompt, segments: segments, built: built)
        }
        self.profile = profile
        facts = CollatorFacts(items: items)
        prompts = items.map { PackedTensor($0.promptIDs) }
        segments = items.flatMap(\.segments).map { PackedTensor($0.codes) }
        (audioOut, audioDelay, audioOutBos) = (128_016, 128_014, 128_013)
        pad = profile.padTokenID
        padSide = profile.padSide.rawValue
        (bos, eos) = (profile.audioStreamBOS, profile.audioStreamEOS)
        quantizers = profile.audioNumCodebooks ?? codebooks
        labels = hasLabels
    }
}
