import AlignmentKit
import Testing

@Suite("The collator's Whisper features against upstream")
struct CollatorFeatureTests {
    @Test("resampled, cut into chunks and transformed, the features are upstream's within 100 dB")
    func features() async throws {
        let trial = Trial("collator features")
        let cases = trial.cases(24, Self.batch)
        let answers = try await Oracle.shared.ask("collator", cases, for: [String: PackedTensor?].self)
        #expect(answers.count == cases.count)
        var worst = (error: 0.0, snr: Double.infinity, windows: 0)
        for (each, answer) in zip(cases, answers) {
            guard case .value(let upstream) = answer else {
                Issue.record("upstream raised \(answer)")
                continue
            }
            let batch = try CollatorStage.collate(each.own, under: each.profile)
            for field in batch.fields where field.name != "batch/audio_features" {
                let name = String(field.name.dropFirst("batch/".count))
                #expect(upstream[name] == .some(Self.tensor(field.value).map { PackedTensor($0) }), "\(name)")
            }
            let theirs = try #require(try upstream["audio_features"]??.array(Float.self))
            let ours = try #require(Self.tensor(batch.audioFeatures))
            let comparison = TensorComparison(ours, .float32(theirs), tolerance: .features)
            #expect(comparison.verdict != .differs, "\(comparison)")
            worst.windows += theirs.shape[0]
            worst.error = max(worst.error, comparison.figures?.maxAbs ?? 0)
            worst.snr = min(worst.snr, comparison.figures?.snrDb ?? .infinity)
        }
        print("collator features: \(worst)")
        #expect(worst.windows > cases.count)
    }

    @Test(
        "the tolerance lets no other computation pass: sound one sample late, half precision, one bad frame")
    func tolerance() throws {
        var dice = Dice(seed: 11)
        let sound = RandomSound.speech.samples(100_000, &dice)
        let mel = LogMel(bins: 80)
        let features = mel.features(of: [sound[...]])
        var badFrame = features
        for bin in 0..<80 { badFrame[bin * 3000 + 200] += 1e-3 }
        let others = [
            mel.features(of: [([0] + sound)[...]]), features.map { Float(Float16($0)) }, badFrame,
        ]
        let shape = Shape.matrix(80, 3000)
        let right = Tensor.float32(try NDArray(shape: shape, scalars: features))
        #expect(TensorComparison(right, right, tolerance: .features).verdict == .equal)
        for other in others {
            let left = Tensor.float32(try NDArray(shape: shape, scalars: other))
            #expect(TensorComparison(left, right, tolerance: .features).verdict == .differs)
        }
    }

    private static func tensor(_ value: FieldValue) -> Tensor? {
        guard case .tensor(let tensor) = value else { return nil }
        return tensor
    }

    /// One or two samples, each with one or two `<|AUDIO|>` and sound for them.
    private static func batch(_ dice: inout Dice) -> CollatorCase {
        var profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).collator
        profile.encodeWhisperEmbed = true
        profile.whisperMelBins = dice.pick([80, 128])
        profile.returnAudioInTokens = false
        profile.chunkSizeSeconds = dice.pick([30, 30, 0.5, 45])
        let samples = dice.list(dice.roll(1...2)) { dice in
            let audio = [128_011, Int64(profile.audioInTokenID), 128_012]
            let count = dice.roll(1...2)
            var sample = ChatMLSample(inputIDs: (0..<count).flatMap { _ in [128_000] + audio })
            let lengths = dice.list(count) { dice in
                dice.chance(0.1) ? dice.roll(480_000...500_000) : dice.roll(1...30_000)
            }
            sample.waveformsConcat = lengths.flatMap { dice.pick(RandomSound.allCases).samples($0, &dice) }
            sample.waveformsStart = SegmentStarts.exclusive.starts(lengths: lengths)
            sample.sampleRates = dice.list(count) { $0.pick([16_000, 24_000, 44_100, 22_050]) }
            return sample
        }
        return CollatorCase(samples, profile, withFeatures: true)
    }
}
