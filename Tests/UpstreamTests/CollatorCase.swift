import AlignmentKit

/// A batch of samples and the collator that gets it.
struct CollatorCase: Encodable {
    /// Upstream's constructor arguments.
    struct Collator: Encodable {
        let whisperMelBins: Int?
        let audioInTokenId: Int
        let audioOutTokenId: Int
        let padTokenId: Int
        let audioStreamBosId: Int
        let audioStreamEosId: Int
        let roundTo: Int
        let padLeft: Bool
        let encodeWhisperEmbed: Bool
        let returnAudioInTokens: Bool
        let audioNumCodebooks: Int?
        let useDelayPattern: Bool
        let disableAudioCodesTransform: Bool
        let chunkSizeSeconds: Double
        let maskAudioOutTokenLabel: Bool
    }

    /// Upstream's `ChatMLDatasetSample`; of a silent waveform only the length.
    struct Sample: Encodable {
        let inputIds: PackedTensor
        let labelIds: PackedTensor?
        let audioIdsConcat: PackedTensor?
        let audioIdsStart: PackedTensor?
        let waveformSamples: Int?
        let waveform: PackedTensor?
        let waveformsStart: PackedTensor?
        let sampleRates: PackedTensor?
        let audioLabelIdsConcat: PackedTensor?
        let reward: Float?
    }

    let collator: Collator
    let samples: [Sample]
    /// The features' values are asked for, not only their shape.
    let withFeatures: Bool

    private enum CodingKeys: CodingKey { case collator, samples, withFeatures }

    /// The same samples for the Swift stage.
    let own: [ChatMLSample]
    /// The same collator as knobs of a profile.
    let profile: CollatorProfile

    /// A random batch.
    init(_ dice: inout Dice) {
        let profile = Self.profile(&dice)
        let labels = dice.pick([0, 0, 0, 1, 1, 0.7])
        let codebooks = dice.roll(1...12)
        let samples = dice.list(dice.pick([1, 1, 2, 3])) { dice in
            let draft = SampleDraft(profile, codebooks: codebooks, labels: labels, &dice)
            return draft.sample
        }
        self.init(samples, profile)
    }

    /// A batch of these samples.
    init(_ own: [ChatMLSample], _ profile: CollatorProfile, withFeatures: Bool = false) {
        self.own = own
        self.profile = profile
        self.withFeatures = withFeatures
        collator = Collator(
            whisperMelBins: profile.whisperMelBins, audioInTokenId: profile.audioInTokenID,
            audioOutTokenId: profile.audioOutTokenID, padTokenId: profile.padTokenID,
            audioStreamBosId: profile.audioStreamBOS, audioStreamEosId: profile.audioStreamEOS,
            roundTo: profile.roundTo, padLeft: profile.padSide == .left,
            encodeWhisperEmbed: profile.encodeWhisperEmbed,
            returnAudioInTokens: profile.returnAudioInTokens, audioNumCodebooks: profile.audioNumCodebooks,
            useDelayPattern: profile.useDelayPattern,
            disableAudioCodesTransform: profile.disableAudioCodesTransform,
            chunkSizeSeconds: profile.chunkSizeSeconds, maskAudioOutTokenLabel: profile.maskAudioOutTokenLabel
        )
        samples = own.map { sample in
            Sample(
                inputIds: PackedTensor(sample.inputIDs), labelIds: sample.labelIDs.map { PackedTensor($0) },
                audioIdsConcat: sample.audioIDsConcat.map { PackedTensor($0) },
                audioIdsStart: sample.audioIDsStart.map { PackedTensor($0) },
                waveformSamples: sample.waveformsConcat?.count,
                waveform: withFeatures
                    ? sample.waveformsConcat.map { PackedTensor(.float32(NDArray(vector: $0))) } : nil,
                waveformsStart: sample.waveformsStart.map { PackedTensor($0) },
                sampleRates: sample.sampleRates.map(Self.rates),
                audioLabelIdsConcat: sample.audioLabelIDsConcat.map { PackedTensor($0) },
                reward: sample.reward)
        }
    }

    /// Whole rates as int64, as upstream's dataset has them, others as float32, as the fork's script does.
    private static func rates(_ rates: [Double]) -> PackedTensor {
        if let whole = rates.map({ Int64(exactly: $0) }) as? [Int64] { return PackedTensor(whole) }
        return PackedTensor(.float32(NDArray(vector: rates.map { Float($0) })))
    }

    private static func profile(_ dice: inout Dice) -> CollatorProfile {
        var profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).collator
        profile.returnAudioInTokens = dice.chance(0.5)
        profile.roundTo = dice.chance(0.3) ? 1 : dice.chance(0.01) ? 0 : dice.roll(1...16)
        profile.padSide = dice.pick([.right, .left])
        profile.encodeWhisperEmbed = dice.chance(0.3)
        profile.whisperMelBins = profile.encodeWhisperEmbed ? dice.pick([128, 80]) : nil
        profile.chunkSizeSeconds = dice.chance(0.02) ? 1e-5 : dice.pick([30, 30, 1, 0.5, 45])
        profile.audioNumCodebooks = dice.pick([
            nil, nil, 8, 8, dice.roll(1...12), dice.roll(1...12), dice.roll(-3...0),
        ])
        profile.useDelayPattern = dice.chance(0.6)
        profile.disableAudioCodesTransform = dice.chance(0.35)
        profile.maskAudioOutTokenLabel = dice.chance(0.6)
        if dice.chance(0.2) {
            profile.audioStreamBOS = dice.roll(-5...2000)
            profile.audioStreamEOS = dice.roll(-5...2000)
            profile.padTokenID = dice.roll(-1...200_000)
        }
        if dice.chance(0.04) { profile.audioOutTokenID = profile.audioInTokenID }
        return profile
    }
}
