import AlignmentKit
import Testing

@Suite("Whisper's features of a hostile sample")
struct WhisperLimitTests {
    private func batch(
        seconds: Double, samples: Int, bins: Int
    ) throws(UpstreamError) -> Batch {
        var profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).collator
        profile.encodeWhisperEmbed = true
        profile.whisperMelBins = bins
        profile.chunkSizeSeconds = seconds
        var sample = ChatMLSample(inputIDs: [128_011, 128_015, 128_012])
        sample.waveformsConcat = Array(repeating: 0, count: samples)
        sample.waveformsStart = [0]
        sample.sampleRates = [16_000]
        return try CollatorStage.collate([sample], under: profile)
    }

    @Test(
        "windows without number, or of bins without number, are not computed, and that is said",
        arguments: [(0.001, 16_000, 128), (30, 1, 1 << 40), (30, 1, .max)])
    func tooLarge(seconds: Double, samples: Int, bins: Int) throws {
        let batch = try batch(seconds: seconds, samples: samples, bins: bins)
        for field in [batch.audioFeatures, batch.audioFeatureAttentionMask] {
            guard case .notComputed(let why) = field else {
                Issue.record("computed")
                continue
            }
            #expect(why.contains("\(bins) mel bins are more than this version computes"))
        }
    }

    @Test("a chunk without a sample raises as upstream's division does")
    func noSamples() {
        let error = #expect(throws: UpstreamError.self) {
            try batch(seconds: 1e-5, samples: 1, bins: 80)
        }
        #expect(error?.type == "ZeroDivisionError")
    }
}
