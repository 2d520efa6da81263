import AlignmentTensors

/// The collator stage: requests to the batch that the model reads.
public enum CollatorStage {
    /// The batch's fields in the layout that the profile asks for.
    ///
    /// - Throws: what upstream's code, or the port's, raises for these requests.
    public static func fields(
        _ facts: CollatorFacts, under profile: CollatorProfile, model: ModelConfiguration
    ) throws(UpstreamError) -> [NamedField] {
        switch profile.batchLayout {
        case .placeholders: try run(facts, under: profile, model: model).fields
        case .expanded: try ExpandingCollator(profile, model: model).collate(facts.items).fields
        }
    }

    /// Builds each request's sample as the profile says and collates them.
    ///
    /// - Throws: what upstream's code raises for them.
    public static func run(
        _ facts: CollatorFacts, under profile: CollatorProfile, model: ModelConfiguration
    ) throws(UpstreamError) -> Batch {
        var samples: [ChatMLSample] = []
        for item in facts.items { samples.append(try item.sample(under: profile, model: model)) }
        return try collate(samples, under: profile)
    }

    /// Collates samples.
    ///
    /// - Throws: what upstream's collator raises, with its class and message.
    /// - Source: upstream `data_collator/higgs_audio_collator.py`, `HiggsAudioSampleCollator.__call__`.
    public static func collate(
        _ samples: [ChatMLSample], under profile: CollatorProfile
    ) throws(UpstreamError) -> Batch {
        let location = "data_collator/higgs_audio_collator.py, HiggsAudioSampleCollator.__call__"
        guard !samples.isEmpty else {
            throw UpstreamError(
                type: "ValueError", message: "max() arg is an empty sequence", location: location)
        }
        let hasLabels = samples.contains { $0.labelIDs != nil }
        var features = WhisperInputs(profile)
        var samples = samples
        if profile.encodeWhisperEmbed {
            for index in samples.indices {
                samples[index] = try features.duplicatingLongAudio(in: samples[index], hasLabels: hasLabels)
            }
        }

        guard profile.roundTo != 0 else {
            throw UpstreamError(
                type: "ZeroDivisionError", message: "integer division or modulo by zero", location: location)
        }
        let sliced = { (array: NDArray<Int64>) in
            profile.audioNumCodebooks.map { array.prefixRows(pythonSlice(0, $0, count: array.rows).count) }
                ?? array
        }
        var audioIn: [NDArray<Int64>] = []
        var audioOut: [NDArray<Int64>] = []
        var audioOutLabels: [LabelView]?
        var isUntrained: [Bool] = []
        for index in samples.indices {
            let sample = samples[index]
            let ordinals = PlaceholderOrdinals(sample.inputIDs, under: profile)
            if hasLabels {
                guard var labels = sample.labelIDs else { throw .noneNotSubscriptable(in: location) }
                for position in ordinals.outPositions {
                    isUntrained.append(labels[position] < 0)
                    if profile.maskAudioOutTokenLabel { labels[position] = maskedLabel }
                }
                samples[index].labelIDs = labels
            }
            func segment(_ ordinal: Int) throws(UpstreamError) -> NDArray<Int64> {
                let (start, stop) = try sample.audioBounds(ordinal)
                let codes = sample.audioIDsConcat ?? NDArray(repeating: 0, shape: .matrix(0, 0))
                return sliced(codes.columns(pythonSlice(start, stop, count: codes.columns)))
            }
            if profile.returnAudioInTokens {
                for ordinal in ordinals.audioIn { audioIn.append(try segment(ordinal)) }
            }
            for ordinal in ordinals.audioOut { audioOut.append(try segment(ordinal)) }
            if let labels = sample.audioLabelIDsConcat {
                audioOutLabels = audioOutLabels ?? []
                for ordinal in ordinals.audioOut {
                    let (start, stop) = try sample.audioBounds(ordinal)
                    audioOutLabels?.append(
                        LabelView(sample: index, columns: pythonSlice(start, stop, count: labels.columns)))
                }
            }
            if profile.encodeWhisperEmbed {
                for ordinal in ordinals.audioIn { try features.append(sample.waveform(ordinal)) }
            }
        }

        let conditioning = StreamBuilder(profile)
        let streamsIn = try conditioning.join(audioIn.map(conditioning.stream))
        var labels: [NDArray<Int64>]?
        if hasLabels && profile.disableAudioCodesTransform {
            labels = try LabelView.streams(
                audioOutLabels, count: audioOut.count,
                of: samples.map { $0.audioLabelIDsConcat.map(sliced) }, isUntrained: isUntrained)
        } else if hasLabels {
            labels = conditioning.labels(of: audioOut, isUntrained: isUntrained)
        }
        let streamsOut = try conditioning.join(audioOut.map(conditioning.stream))
        let labelAudio = try labels.map { streams throws(UpstreamError) in try conditioning.join(streams).ids
        }

        let padding = Padding(
            samples.map(\.inputIDs), multipleOf: profile.roundTo, on: profile.padSide)
        return Batch(
            inputIDs: padding.pad(samples.map(\.inputIDs), with: Int64(profile.padTokenID)),
            attentionMask: padding.pad(samples.map { $0.inputIDs.map { _ in 1 } }, with: 0),
            audioFeatures: features.features, audioFeatureAttentionMask: features.attentionMask,
            audioOutIDs: sliced(streamsOut.ids), audioOutIDsStart: streamsOut.starts,
            audioOutIDsStartGroupLoc: audioOut.isEmpty ? nil : samples.indices.map(Int64.init),
            audioInIDs: profile.returnAudioInTokens ? sliced(streamsIn.ids) : nil,
            audioInIDsStart: profile.returnAudioInTokens ? streamsIn.starts : nil,
            labelIDs: hasLabels ? padding.pad(samples.map { $0.labelIDs ?? [] }, with: maskedLabel) : nil,
            labelAudioIDs: labelAudio.map(sliced),
            reward: samples.compactMap(\.reward))
    }
}

/// The label that a loss ignores.
let maskedLabel: Int64 = -100

/// Numbers the placeholders of a prompt, `<|AUDIO|>` and `<|AUDIO_OUT|>` together, in order.
private struct PlaceholderOrdinals {
    var audioIn: [Int] = []
    var audioOut: [Int] = []
    var outPositions: [Int] = []

    init(_ ids: [Int64], under profile: CollatorProfile) {
        var ordinal = 0
        for (position, id) in ids.enumerated() {
            let isIn = id == Int64(profile.audioInTokenID)
            let isOut = id == Int64(profile.audioOutTokenID)
            if isOut { outPositions.append(position) }
            // Where both ids are the same, upstream's exclusive or counts neither: each is segment 1.
            let isCounted = isIn != isOut
            if isIn { audioIn.append(isCounted ? ordinal : 1) }
            if isOut { audioOut.append(isCounted ? ordinal : 1) }
            if isCounted { ordinal += 1 }
        }
    }
}
