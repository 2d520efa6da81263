import AlignmentTensors

extension CollatorItem {
    /// The sample that a pipeline of this profile builds for the request.
    ///
    /// Waveforms cannot be rebuilt from codes: where the profile attaches them, they are those of the sample
    /// that the pipeline built.
    ///
    /// Source of the reference way: upstream `serve/serve_engine.py`, `HiggsAudioServeEngine._prepare_inputs`.
    public func sample(
        under profile: CollatorProfile, model: ModelConfiguration
    ) throws(UpstreamError) -> ChatMLSample {
        var sample = ChatMLSample(inputIDs: prompt(under: profile, model: model))
        // What the prompt was given is not trained on.
        let added = max(sample.inputIDs.count - promptIDs.count, 0)
        sample.labelIDs = built?.labelIDs.map { $0 + Array(repeating: maskedLabel, count: added) }
        sample.audioLabelIDsConcat = built?.audioLabelIDsConcat
        sample.reward = built?.reward

        if segments.isEmpty {
            if profile.noAudio == .empty {
                sample.audioIDsConcat = NDArray(repeating: 0, shape: .matrix(0, 0))
                sample.audioIDsStart = []
            }
        } else {
            let carried = try SampleCodes(of: self, under: profile)
            sample.audioIDsConcat = carried.codes
            sample.audioIDsStart = profile.audioIDsStart.starts(lengths: carried.lengths)
        }

        switch profile.waveforms {
        case .none: break
        case .empty:
            (sample.waveformsConcat, sample.waveformsStart, sample.sampleRates) = ([], [], [])
        case .attached:
            let waveform = built?.waveformsConcat ?? []
            sample.waveformsConcat = waveform
            sample.waveformsStart = profile.waveformsStart.starts(lengths: [waveform.count])
            sample.sampleRates = profile.waveformSampleRate.map { rate in
                [rate] + (built?.sampleRates ?? []).dropFirst()
            }
        }
        return sample
    }

    /// The prompt with the placeholders that the profile leaves in it, and the ending that it gives it.
    public func prompt(under profile: CollatorProfile, model: ModelConfiguration) -> [Int64] {
        let prompt = placed(under: profile, model: model)
        return profile.generationPrompt == .appended ? GenerationPrompt(model).completing(prompt) : prompt
    }

    private func placed(under profile: CollatorProfile, model: ModelConfiguration) -> [Int64] {
        guard profile.placeholders == .onePerSegment else { return promptIDs }
        let placeholders = Placeholders(
            audioIn: Int64(profile.audioInTokenID), audioOut: Int64(profile.audioOutTokenID),
            openers: [Int64(model.audioBOSTokenID), Int64(model.audioOutBOSTokenID)],
            closer: Int64(model.audioEOSTokenID))
        return placeholders.droppingSurplus(in: promptIDs, segments: segments.count)
    }

    /// The knobs that say how the pipeline built its sample, read from that sample.
    ///
    /// - Parameters:
    ///   - reference: gives the knobs that mean nothing for this request: without segments there are no starts
    ///     and no codes to get wrong.
    ///   - model: knows the assistant's header.
    public func observedKnobs(
        _ profile: inout CollatorProfile, reference: CollatorProfile, model: ModelConfiguration
    ) {
        guard let built else { return }
        profile.generationPrompt = GenerationPrompt(model).isMissing(in: promptIDs) ? .asPrompted : .appended
        let placeholders = promptIDs.count {
            $0 == Int64(profile.audioInTokenID) || $0 == Int64(profile.audioOutTokenID)
        }
        profile.placeholders = placeholders > segments.count ? .asPrompted : .onePerSegment
        if segments.isEmpty {
            profile.noAudio = built.audioIDsConcat == nil ? .none : .empty
            profile.audioIDsStart = reference.audioIDsStart
            profile.segmentCodes = reference.segmentCodes
        } else {
            profile.segmentCodes = observedCodes(profile)
            let lengths = (try? SampleCodes(of: self, under: profile))?.lengths
            profile.audioIDsStart = SegmentStarts(
                observed: built.audioIDsStart, lengths: lengths ?? segments.map(\.codes.columns))
        }
        switch built.waveformsConcat {
        case nil:
            profile.waveforms = .none
            profile.waveformsStart = .none
            profile.waveformSampleRate = nil
        case []?:
            profile.waveforms = .empty
            profile.waveformsStart = .empty
            profile.waveformSampleRate = nil
        case let waveforms?:
            profile.waveforms = .attached
            profile.waveformsStart = SegmentStarts(
                observed: built.waveformsStart, lengths: [waveforms.count])
            profile.waveformSampleRate = built.sampleRates?.first
        }
    }
}

extension NDArray {
    /// Matrices of equal height side by side.
    init(rows: Int, columns: Int, joining parts: [NDArray]) {
        var owners: [(part: Int, column: Int)] = []
        owners.reserveCapacity(columns)
        for (index, part) in parts.enumerated() {
            for column in 0..<part.columns { owners.append((index, column)) }
        }
        self.init(rows: rows, columns: columns) { row, column in
            parts[owners[column].part][row, owners[column].column]
        }
    }
}
