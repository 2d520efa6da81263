internal import AlignmentAcoustics
internal import AlignmentDiagnosis
internal import AlignmentLogs

/// The figures that evidence gives.
struct GateReadings {
    private let values: [GateMetric: Double]

    /// - Parameter warnings: verdicts of sound that count as plausible.
    init(_ evidence: GateEvidence, warnings: Set<SoundVerdict>) {
        var values: [GateMetric: Double] = [:]
        let runs = evidence.captures.flatMap(\.judgedRuns)
        if !evidence.captures.isEmpty { values[.captureRequests] = Double(runs.count) }
        // The least of some of them would hide those that nobody could measure.
        func least(_ value: (SampleRun) -> Double?) -> Double? {
            let found = runs.compactMap(value)
            return found.count == runs.count ? found.min() : nil
        }
        values[.captureLeastEnergy] = least(\.checks.energy.details.energy?.acEnergy)
        values[.captureEosPresence] = least(\.checks.eos.verdict.value)
        values[.captureTokenDiversity] = least(\.checks.tokenDiversity.verdict.value)
        values[.captureAlignment] = least(\.alignment)
        let comparisons = evidence.captures.compactMap { try? $0.comparison?.get() }
        let compared = comparisons.map(\.compared).reduce(0, +)
        if compared > 0 {
            values[.goldenDifferingShare] =
                Double(comparisons.map(\.differing).reduce(0, +)) / Double(compared)
        }
        if let sound = evidence.sound {
            let read = sound.run.files.filter { $0.verdict != .unreadable }
            values[.soundFiles] = Double(read.count)
            values[.soundLeastEnergy] = read.compactMap(\.measures).filter { $0.samples > 0 }.map(\.acEnergy)
                .min()
            values[.soundSilentShare] = sound.run.silentShare
            let plausible = read.count { $0.verdict == .plausible || warnings.contains($0.verdict) }
            if !read.isEmpty { values[.soundPlausibleShare] = Double(plausible) / Double(read.count) }
            // Files longer than the limit that was told had another one: of them nothing is known.
            if let budgets = sound.run.budgets, budgets.known > 0, budgets.contradicted == 0 {
                values[.soundExhaustedShare] = Double(budgets.exhausted) / Double(budgets.known)
            }
        }
        if let logs = evidence.logs {
            values[.logRequests] = Double(logs.files.map(\.tally.samples).reduce(0, +))
            values[.logDefects] = Double(logs.files.flatMap(\.findings).count { $0.level == .defect })
        }
        self.values = values
    }

    subscript(metric: GateMetric) -> Double? { values[metric] }
}

extension SampleRun {
    /// The share of knobs without an effect; nil where there was none to judge.
    fileprivate var alignment: Double? {
        let row = successMetrics.first { $0.metric == SuccessMetric.alignmentName }
        guard case .figure(let share)? = row?.current else { return nil }
        return share
    }
}
