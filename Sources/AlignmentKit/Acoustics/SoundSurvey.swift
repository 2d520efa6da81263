/// Measures and judges many files at once.
public struct SoundSurvey: Sendable {
    /// How each is measured.
    public var meter: SoundMeter
    /// By what thresholds.
    public var judge: SoundJudge
    /// Files at once, at least 1.
    public var jobs: Int
    /// The voice that all were to be spoken in.
    public var reference: ReferenceVoice?

    /// A survey.
    public init(meter: SoundMeter, judge: SoundJudge, jobs: Int, reference: ReferenceVoice? = nil) {
        self.meter = meter
        self.judge = judge
        self.jobs = max(1, jobs)
        self.reference = reference
    }

    /// The results in the files' order.
    ///
    /// - Parameters:
    ///   - budgets: each file's limit on new tokens where it is known; nil if nothing was told.
    ///   - advance: called after each file, from any thread.
    public func run(
        _ files: [String], budgets: [String: TokenBudget]? = nil, advance: @escaping @Sendable () -> Void = {}
    ) async -> SoundRun {
        let results = await withTaskGroup(of: (Int, SoundResult).self) { group in
            var results = [SoundResult?](repeating: nil, count: files.count)
            for (index, file) in files.enumerated() {
                if index >= jobs, let (done, result) = await group.next() { results[done] = result }
                group.addTask {
                    defer { advance() }
                    return (index, self.result(of: file, budget: budgets?[file]))
                }
            }
            for await (done, result) in group { results[done] = result }
            return results.compactMap { $0 }
        }
        return SoundRun(results, profile: judge.profile, isBudgetTold: budgets != nil)
    }

    private func result(of file: String, budget: TokenBudget?) -> SoundResult {
        do {
            let measures = try meter.measure(file)
            var result = SoundResult(path: file, measures, judge: judge, budget: budget)
            if let reference, measures.samples > 0 {
                result.reference = try reference.compare(file, measures)
            }
            return result
        } catch { return SoundResult(path: file, unreadable: "\(error)") }
    }
}
