/// How one run of a request came out, by what was captured of it.
struct RunOutcome: Equatable {
    /// The checks by name.
    var checks: [String: CheckStatus]
    /// AC energy of the sound; nil without one.
    var energy: Double?
    /// Samples of the sound.
    var sampleCount: Int?
    /// Share of the streams that end in EOS.
    var eosShare: Double?
    /// Distinct ids of the worst segment as a share of the most there could be.
    var diversity: Double?

    /// Whether a check fails; nil where it could not be computed.
    func fails(_ check: String) -> Bool? {
        switch checks[check] {
        case .failed: true
        case .passed, .warned: false
        case .absent, nil: nil
        }
    }
}

extension RunOutcome {
    /// The name of what comes before all checks: that there is a sound, or a stream of one, at all.
    static let audio = "audio"

    init(_ explainer: SampleExplainer) {
        self.init(explainer.checks)
        checks[Self.audio] = explainer.sample.audioStatus
    }

    init(_ checks: Checks) {
        self.init(
            checks: Dictionary(uniqueKeysWithValues: checks.verdicts.map { ($0.name, $0.verdict.status) }),
            energy: checks.energy.details.energy?.acEnergy,
            sampleCount: checks.energy.details.energy?.sampleCount, eosShare: checks.eos.verdict.value,
            diversity: checks.tokenDiversity.verdict.value)
    }
}

extension SampleCapture {
    /// Passed with a waveform or a stream; failed where generation ended, or something before it raised, without one;
    /// absent where the process ended first.
    fileprivate var audioStatus: CheckStatus {
        let hasSound =
            !written.isEmpty || generation?.facts.segments.isEmpty == false
            || decode?.captured?.fields.contains { $0.waveform != nil } == true
        if hasSound { return .passed }
        let ended = [collator?.captured, generation?.captured].compactMap { $0 }
        if ended.contains(where: { $0.error?.isInterruption == true }) { return .absent }
        return generation?.captured != nil || collator?.captured?.error != nil ? .failed : .absent
    }
}
