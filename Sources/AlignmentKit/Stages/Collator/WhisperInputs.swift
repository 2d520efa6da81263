import AlignmentLogMel
import AlignmentTensors
import Foundation

/// The waveforms that the Whisper feature extractor gets, and what comes of them.
///
/// Source: upstream `data_collator/higgs_audio_collator.py`, and transformers 4.46
/// `feature_extraction_whisper.py`, `WhisperFeatureExtractor`.
struct WhisperInputs {
    /// The most elements of the features that are computed: half a gibibyte, more than two hours of sound.
    private static let featureLimit = 1 << 27
    private static let rate = Double(LogMel.sampleRate)

    private let isOn: Bool
    private let audioInTokenID: Int64
    private let melBins: Int
    private let chunkSamples: Int
    private var chunks: [ArraySlice<Float>] = []

    init(_ profile: CollatorProfile) {
        isOn = profile.encodeWhisperEmbed
        audioInTokenID = Int64(profile.audioInTokenID)
        melBins = profile.whisperMelBins ?? 128
        chunkSamples = Int(profile.chunkSizeSeconds * Self.rate)
    }

    /// The sample with its waveforms at 16 kHz, and with the three tokens around an `<|AUDIO|>` repeated for
    /// each further chunk of its waveform.
    ///
    /// The waveform is looked up by the placeholder's number among `<|AUDIO|>` alone; the later pass counts
    /// `<|AUDIO_OUT|>` too. Codes are not repeated. Both are upstream's.
    func duplicatingLongAudio(in sample: ChatMLSample, hasLabels: Bool) throws(UpstreamError) -> ChatMLSample
    {
        var result = sample
        // Upstream builds a new sample and leaves the reward out.
        result.reward = nil
        let positions = sample.inputIDs.indices.filter { sample.inputIDs[$0] == audioInTokenID }
        guard !positions.isEmpty else { return result }
        var offset = 0
        var waveforms: [Float] = []
        var starts: [Int] = []
        for (ordinal, position) in positions.enumerated() {
            let (samples, rate) = try sample.waveform(ordinal)
            let resampled = rate == Self.rate ? samples : try RateChange(from: rate).apply(to: samples)
            guard chunkSamples > 0 else {
                throw UpstreamError(
                    type: "ZeroDivisionError", message: "division by zero",
                    location: "data_collator/higgs_audio_collator.py, _process_and_duplicate_audio_tokens")
            }
            let count = max((resampled.count + chunkSamples - 1) / chunkSamples, 1)
            if count > 1 {
                let token = position + offset
                result.inputIDs = Self.repeating(result.inputIDs, around: token, times: count)
                if hasLabels {
                    result.labelIDs = result.labelIDs.map { Self.repeating($0, around: token, times: count) }
                }
                offset += (count - 1) * 3
            }
            for chunk in 0..<count { starts.append(waveforms.count + chunk * chunkSamples) }
            waveforms += resampled
        }
        result.waveformsConcat = waveforms
        result.waveformsStart = starts
        result.sampleRates = starts.map { _ in Self.rate }
        return result
    }

    /// Takes one placeholder's waveform, in chunks.
    mutating func append(_ waveform: (samples: ArraySlice<Float>, rate: Double)) throws(UpstreamError) {
        var rest = waveform.samples
        while !rest.isEmpty {
            chunks.append(rest.prefix(chunkSamples))
            rest = rest.dropFirst(chunkSamples)
        }
    }

    /// [waveform, mel, frame]; of no waveform where there is none, None where Whisper is off.
    var features: FieldValue {
        guard isOn else { return .none }
        if let tooLarge { return .notComputed(tooLarge) }
        let features = LogMel(bins: melBins).features(
            of: chunks, threads: ProcessInfo.processInfo.activeProcessorCount)
        let shape = Shape.cube(chunks.count, melBins, LogMel.frames)
        guard let array = try? NDArray(shape: shape, scalars: features) else { return .none }
        return .tensor(.float32(array))
    }

    /// 1 for each frame that begins within the waveform, [waveform, frame].
    var attentionMask: FieldValue {
        guard isOn else { return .none }
        if let tooLarge { return .notComputed(tooLarge) }
        return .tensor(
            .int32(
                NDArray(rows: chunks.count, columns: LogMel.frames) { row, frame in
                    frame * LogMel.hop < chunks[row].count ? 1 : 0
                }))
    }

    /// Why the features are not computed: a declared chunk of a millisecond would make as many windows.
    private var tooLarge: String? {
        let elements = Double(chunks.count) * Double(LogMel.frames) * Double(melBins)
        guard elements > Double(Self.featureLimit) else { return nil }
        return "\(chunks.count) windows of \(melBins) mel bins are more than this version computes"
    }

    private static func repeating(_ ids: [Int64], around position: Int, times: Int) -> [Int64] {
        let middle = pythonSlice(position - 1, position + 2, count: ids.count)
        let head = pythonSlice(0, position - 1, count: ids.count)
        let tail = pythonSlice(position + 2, ids.count, count: ids.count)
        return Array(ids[head]) + (0..<times).flatMap { _ in ids[middle] } + Array(ids[tail])
    }
}
