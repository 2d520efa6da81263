import AlignmentTensors

/// The waveforms that the Whisper feature extractor gets, and what comes of them.
///
/// Source: upstream `data_collator/higgs_audio_collator.py`, and transformers 4.46
/// `feature_extraction_whisper.py`, `WhisperFeatureExtractor`: windows of 30 s at 16 kHz, hop 160.
struct WhisperInputs {
    private static let rate = 16_000.0
    private static let windowSamples = 480_000
    private static let hop = 160
    private static let frames = 3000

    private let isOn: Bool
    private let audioInTokenID: Int64
    private let melBins: Int
    private let chunkSamples: Int
    private var lengths: [Int] = []

    init(_ profile: CollatorProfile) {
        isOn = profile.encodeWhisperEmbed
        audioInTokenID = Int64(profile.audioInTokenID)
        melBins = profile.whisperMelBins ?? 128
        chunkSamples = Int(profile.chunkSizeSeconds * Self.rate)
    }

    /// The sample with the three tokens around an `<|AUDIO|>` repeated for each further chunk of its waveform.
    ///
    /// The waveform is looked up by the placeholder's number among `<|AUDIO|>` alone; the later pass counts
    /// `<|AUDIO_OUT|>` too. Codes are not repeated. Both are upstream's.
    mutating func duplicatingLongAudio(
        in sample: ChatMLSample, hasLabels: Bool
    ) throws(UpstreamError) -> ChatMLSample {
        var result = sample
        // Upstream builds a new sample and leaves the reward out.
        result.reward = nil
        let positions = sample.inputIDs.indices.filter { sample.inputIDs[$0] == audioInTokenID }
        var offset = 0
        var waveforms: [Float] = []
        var starts: [Int] = []
        for (ordinal, position) in positions.enumerated() {
            let (samples, rate) = try sample.waveform(ordinal)
            let resampled =
                rate == Self.rate ? samples.count : try Self.resampledCount(samples.count, from: rate)
            let chunks = max((resampled + chunkSamples - 1) / chunkSamples, 1)
            if chunks > 1 {
                let token = position + offset
                result.inputIDs = Self.repeating(result.inputIDs, around: token, times: chunks)
                if hasLabels {
                    result.labelIDs = result.labelIDs.map { Self.repeating($0, around: token, times: chunks) }
                }
                offset += (chunks - 1) * 3
            }
            for chunk in 0..<chunks {
                starts.append(waveforms.count)
                let from = chunk * chunkSamples
                let to = min(from + chunkSamples, resampled)
                // Only the length matters until the features themselves are computed.
                waveforms.append(contentsOf: repeatElement(0, count: max(to - from, 0)))
            }
        }
        if !positions.isEmpty {
            result.waveformsConcat = waveforms
            result.waveformsStart = starts
            result.sampleRates = starts.map { _ in Self.rate }
        }
        return result
    }

    /// Takes one placeholder's waveform, in chunks.
    mutating func append(_ waveform: (samples: ArraySlice<Float>, rate: Double)) throws(UpstreamError) {
        var rest = waveform.samples.count
        while rest > 0 {
            lengths.append(min(rest, chunkSamples))
            rest -= chunkSamples
        }
    }

    /// [waveform, mel, frame]; of no waveform where there is none, None where Whisper is off.
    var features: FieldValue {
        guard isOn else { return .none }
        guard !lengths.isEmpty else {
            return .tensor(.float32(NDArray(repeating: 0, shape: .cube(0, melBins, Self.frames))))
        }
        return .notComputed("this version does not compute Whisper's log-mel features")
    }

    /// 1 for each frame that begins within the waveform, [waveform, frame].
    var attentionMask: FieldValue {
        guard isOn else { return .none }
        return .tensor(
            .int32(
                NDArray(rows: lengths.count, columns: Self.frames) { row, frame in
                    frame * Self.hop < lengths[row] ? 1 : 0
                }))
    }

    private static func repeating(_ ids: [Int64], around position: Int, times: Int) -> [Int64] {
        let middle = pythonSlice(position - 1, position + 2, count: ids.count)
        let head = pythonSlice(0, position - 1, count: ids.count)
        let tail = pythonSlice(position + 2, ids.count, count: ids.count)
        return Array(ids[head]) + (0..<times).flatMap { _ in ids[middle] } + Array(ids[tail])
    }

    private static func resampledCount(_ count: Int, from rate: Double) throws(UpstreamError) -> Int {
        let resampled = (Double(count) * (Self.rate / rate)).rounded(.up)
        // A rate that resamples to more than years of sound is none.
        guard resampled >= 0, resampled < 0x1p42 else {
            throw UpstreamError(
                type: "ParameterError", message: "no sound can be resampled from a rate of \(rate)",
                location: "librosa.resample")
        }
        return Int(resampled)
    }
}
