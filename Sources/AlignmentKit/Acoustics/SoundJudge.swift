internal import AlignmentWording

/// Turns measures into findings and one verdict.
public struct SoundJudge: Sendable {
    /// The thresholds.
    public var profile: SoundProfile

    /// A judge by these thresholds.
    public init(_ profile: SoundProfile = .standard) { self.profile = profile }

    /// A finding with the figures that led to it.
    public struct Reason: Sendable, Equatable {
        /// What was found.
        public var finding: SoundFinding
        /// A sentence with the figures.
        public var sentence: String
    }

    /// All that applies to a sound, the worst first; empty for a plausible one.
    ///
    /// - Parameter budget: what is known of the limit on new tokens.
    public func findings(_ measures: SoundMeasures, budget: TokenBudget? = nil) -> [Reason] {
        var reasons: [Reason] = []
        func add(_ finding: SoundFinding, if applies: Bool, _ sentence: @autoclosure () -> String) {
            if applies { reasons.append(Reason(finding: finding, sentence: sentence())) }
        }
        func add(_ verdict: SoundVerdict, if applies: Bool, _ sentence: @autoclosure () -> String) {
            add(.verdict(verdict), if: applies, sentence())
        }
        guard measures.samples > 0 else {
            return [
                Reason(
                    finding: .verdict(.empty), sentence: "The header promises no sample, or none follows it.")
            ]
        }
        let isSilent = measures.acEnergy < profile.silentEnergy
        add(
            .nonFinite, if: measures.nonFinite > 0,
            "\(measures.nonFinite) of \(measures.samples * measures.channels) samples are NaN or infinite.")
        // Of what is not finite nothing else is known.
        if measures.nonFinite >= measures.samples * measures.channels { return reasons }
        add(
            .dead, if: measures.isConstant,
            measures.channels == 1
                ? "Every sample is \(number(measures.dcOffset))."
                : "Every sample of each channel is the same.")
        add(
            .silent, if: isSilent,
            "The AC energy is \(number(measures.acEnergy)), below \(number(profile.silentEnergy)); "
                + "\(measures.distinctValues) different sample values.")
        // Without energy nothing else can be said.
        if !isSilent { addStructure(measures, &reasons) }
        add(
            .wrongSampleRate, if: !profile.sampleRates.contains(measures.sampleRate), rateSentence(measures))
        if let budget, let (frames, lost) = budget.exhaustedLength(of: measures, profile) {
            add(
                .budgetExhausted, if: true,
                "It is \(frames) frames long, the limit of \(budget.tokens) new tokens less the \(lost) that are no "
                    + "sound: generation was stopped by the limit and never met EOS.")
        }
        add(
            // Noise and hard clipping jump, too, but seldom to where a wrap would land.
            .int16Wrap, if: measures.wraps > 0 && 2 * measures.wraps >= measures.jumps,
            "The waveform leaves the scale at one end and goes on at the other \(measures.wraps) times, of "
                + "\(measures.jumps) jumps of more than 1.")
        let dead = (measures.channelEnergies ?? []).count { $0 < profile.silentEnergy }
        add(.deadChannel, if: !isSilent && dead > 0, "\(dead) of \(measures.channels) channels are silent.")
        add(
            .dcOffset, if: abs(measures.dcOffset) > profile.largestOffset,
            "The mean is \(number(measures.dcOffset)), beyond \(number(profile.largestOffset)).")
        return reasons
    }

    /// The verdict of these findings.
    public func verdict(of reasons: [Reason]) -> SoundVerdict {
        reasons.compactMap { if case .verdict(let verdict) = $0.finding { verdict } else { nil } }.min()
            ?? .plausible
    }

    private func addStructure(_ measures: SoundMeasures, _ reasons: inout [Reason]) {
        func add(_ verdict: SoundVerdict, if applies: Bool, _ sentence: @autoclosure () -> String) {
            if applies { reasons.append(Reason(finding: .verdict(verdict), sentence: sentence())) }
        }
        // Another channel may sound where the loudest one does not.
        let subject = measures.channels == 1 ? "It" : "Its loudest channel"
        add(
            .mostlySilent, if: measures.activeRatio < profile.leastActiveRatio,
            "\(percent(measures.activeRatio)) of it is active, less than "
                + "\(percent(profile.leastActiveRatio)).")
        add(
            .clipped,
            if: measures.clippedShare > profile.mostClippedShare
                && measures.longestClippedRun >= profile.clippedRun,
            "\(percent(measures.clippedShare)) of the samples\(measures.channels == 1 ? "" : " of a channel") are at full scale, up to "
                + "\(measures.longestClippedRun) in a row.")
        let votes = SpeechVotes(measures, profile)
        // Hiss between words is flat, too: a voice in it has its harmonics.
        let isNoise =
            (measures.spectralFlatness ?? 0) >= profile.noiseFlatness
            && (measures.harmonicity ?? 0) <= profile.voteHarmonicity.lowerBound
        add(
            .noSpeechStructure, if: votes.held.count < profile.leastVotes || isNoise,
            structureSentence(measures, votes, isNoise))
        add(
            .looped, if: measures.loop > profile.loopCorrelation,
            "It comes back after \(number(measures.loopPeriod ?? 0)) s with a correlation of "
                + "\(number(measures.loop)).")
        if measures.longestGap > profile.longestGap {
            add(.longGap, if: true, "\(subject) is silent for \(number(measures.longestGap)) s within.")
        } else if measures.trailingSilence > profile.longestTrailing {
            add(.longGap, if: true, "\(subject) ends with \(number(measures.trailingSilence)) s of silence.")
        } else {
            add(
                .longGap, if: measures.leadingSilence > profile.longestLeading,
                "\(subject) begins with \(number(measures.leadingSilence)) s of silence.")
        }
        if let end = measures.endLevelDb {
            add(
                .cutOff, if: end > profile.cutOffLevel,
                "The last 40 ms are \(number(end)) dB from the loud frames' level: it stops within a sound."
            )
        }
    }

    private func structureSentence(_ measures: SoundMeasures, _ votes: SpeechVotes, _ isNoise: Bool) -> String
    {
        if isNoise, let flatness = measures.spectralFlatness {
            return "The spectral flatness is \(number(flatness)), the harmonicity "
                + "\(number(measures.harmonicity ?? 0)): noise."
        }
        func value(_ name: String) -> Double? {
            switch name {
            case "centroid_deviation": measures.centroidDeviation
            case "crossing_deviation": measures.crossingDeviation
            case "mel_flux": measures.melFlux
            case "modulation_share": measures.modulationShare
            case "harmonicity": measures.harmonicity
            default: measures.syllableRate
            }
        }
        let figures = votes.missing.map { "\($0) \(value($0).map(number) ?? "not measurable")" }
        return "It has \(votes.held.count) of 6 signs of syllables; unlike speech are "
            + figures.joined(separator: ", ") + "."
    }

    private func rateSentence(_ measures: SoundMeasures) -> String {
        let expected = profile.sampleRates.map(String.init).joined(separator: " or ")
        guard let rate = profile.sampleRates.first else { return "No sample rate is right." }
        let seconds = Double(measures.samples) / Double(rate)
        return
            "The header says \(measures.sampleRate) Hz, the codec gives \(expected) Hz: resampled, or played "
            + "\(number(Double(measures.sampleRate) / Double(rate))) times as fast; at \(rate) Hz it is "
            + "\(number(seconds)) s long."
    }
}
