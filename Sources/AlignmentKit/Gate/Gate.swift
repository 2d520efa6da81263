public import AlignmentAcoustics
internal import AlignmentComparison
internal import AlignmentDiagnosis
internal import AlignmentLogs
internal import AlignmentParity
internal import AlignmentReport
internal import AlignmentWording

/// Judges evidence by a policy.
public struct Gate: Sendable {
    private let policy: GatePolicy
    private let sound: SoundProfile
    private let today: GateDay

    /// A gate.
    ///
    /// - Parameters:
    ///   - sound: the thresholds that the policy names, which also say which verdicts of sound only warn.
    ///   - today: the day by which waivers are judged.
    public init(_ policy: GatePolicy, sound: SoundProfile = .standard, today: GateDay) {
        (self.policy, self.sound, self.today) = (policy, sound, today)
    }

    /// What the gate says of evidence.
    ///
    /// - Parameters:
    ///   - inputs: everything that the evidence is of, and what was given and is no evidence.
    ///   - baseline: an earlier report to tell the differences to.
    ///   - file: the policy's file, as given.
    ///   - tool: name, version and commit of the program.
    public func report(
        _ evidence: GateEvidence, inputs: [GateReport.Input],
        baseline: (file: String, report: GateReport)? = nil,
        file: String? = nil, tool: String
    ) -> GateReport {
        var waivers = WaiverBook(policy, today: today)
        let metrics = self.metrics(evidence, baseline: baseline?.report)
        let logFailures = (evidence.logs?.failures ?? []).map {
            InputFailure(path: $0.path, message: $0.message)
        }
        var rows = (evidence.failures + logFailures).map {
            GateReport.Row(
                id: "input", status: .incomparable, input: $0.path,
                why: Self.ended($0.message))
        }
        rows += evidence.captures.flatMap { self.rows(of: $0) }
        rows += evidence.unpairedGoldens.map {
            GateReport.Row(
                id: "golden.archive", status: .failed, input: $0, why: "No capture of its name was given.")
        }
        rows += (evidence.sound?.run.files ?? []).flatMap { self.rows(of: $0) }
        rows += (evidence.logs?.files ?? []).flatMap { self.rows(of: $0) }
        if !rows.contains(where: { $0.status != .incomparable }) {
            rows.append(
                GateReport.Row(
                    id: "compared", status: .incomparable, why: "Nothing was compared, so nothing can pass."))
        }
        rows += metrics.compactMap { self.row(of: $0, baseline: baseline?.report) }
        rows = rows.map { waivers.judged($0) }
        return GateReport(
            rows, metrics: metrics, inputs: inputs, baseline: baseline,
            goldens: evidence.captures.compactMap { try? $0.comparison?.get().right }, notes: waivers.notes,
            policy: GateReport.Policy(name: policy.name, file: file, strict: policy.isStrict),
            judgedOn: today, tool: tool)
    }

    // MARK: Captures

    private func rows(of capture: GateEvidence.Capture) -> [GateReport.Row] {
        let report = capture.explanation
        var rows = report.samples.flatMap { self.rows(of: $0) }
        if report.samples.isEmpty {
            rows.append(
                GateReport.Row(
                    id: "input", status: .incomparable, input: report.path,
                    why:
                        "Every request of this archive ran with a repair; record the runs as they are beside them."
                ))
        }
        rows += capture.judgedRuns.flatMap { self.replayRows(of: $0) }
        switch capture.comparison {
        case .success(let comparison): rows += self.rows(of: comparison)
        case .failure(let failure):
            rows.append(
                GateReport.Row(
                    id: "golden.archive", status: .incomparable, input: report.path,
                    why: Self.ended(failure.message)))
        case nil: break
        }
        return rows
    }

    private func rows(of sample: Explanation) -> [GateReport.Row] {
        func row(_ id: String, _ status: GateReport.Status, _ why: String, fix: String? = nil)
            -> GateReport.Row
        {
            GateReport.Row(
                id: id, status: status, input: sample.path, sample: sample.sample, why: why, fix: fix)
        }
        let causes = sample.causes + (policy.isStrict ? sample.settings : [])
        var rows = causes.map { cause in
            let explained = sample.checks.filter { $0.explainedBy.contains(cause.id) }.map(\.check)
            return row(
                cause.id, .failed,
                "The pipeline \(cause.title)."
                    + (explained.isEmpty
                        ? "" : " It explains the check \(explained.joined(separator: ", ")).")
                    + (cause.evidence.first.map { " \(Self.sentence($0))" } ?? ""),
                fix: cause.fix)
        }
        // What explains a check fails in its place; a setting does not, unless the gate is strict.
        let failing = Set(causes.map(\.id))
        rows += sample.checks.compactMap { check in
            let isOpen = check.status == .failed && failing.isDisjoint(with: check.explainedBy)
            guard isOpen || (policy.isStrict && check.status == .warned) else { return nil }
            return row("check.\(check.check)", .failed, Self.sentence(check.why))
        }
        let undecided = sample.stages.filter { $0.status == .undecided }
        if sample.verdict == .incomparable {
            let reasons = undecided.map { " \($0.stage.rawValue): \(Self.ended($0.why))" }.joined()
            rows.append(row("input", .incomparable, "Too little was captured to be judged.\(reasons)"))
        } else {
            rows += undecided.map { stage in
                row(
                    "\(stage.stage.rawValue).undecided", .failed,
                    "The stage was captured, and could not be decided: \(Self.ended(stage.why))")
            }
        }
        guard rows.isEmpty else { return rows }
        guard sample.verdict == .aligned else {
            return [row("unexplained", .failed, "Something differs that no cause explains.")]
        }
        return [row("capture", .passed, Self.cleared(sample.stages))]
    }

    /// Which stages were cleared, and which were not there to be looked at.
    private static func cleared(_ stages: [Explanation.Stage]) -> String {
        func names(_ status: Explanation.StageStatus) -> String {
            stages.filter { $0.status == status }.map(\.stage.rawValue).joined(separator: ", ")
        }
        let missing = names(.notCaptured)
        return "Innocent: \(names(.innocent))." + (missing.isEmpty ? "" : " Not captured: \(missing).")
    }

    /// Where the reference's path does not give what upstream's own code gave, and what of it was not computed.
    private func replayRows(of run: SampleRun) -> [GateReport.Row] {
        func row(_ place: String, _ status: GateReport.Status, _ why: String) -> GateReport.Row {
            GateReport.Row(
                id: "replay.\(place)", status: status, input: run.path, sample: run.sample, why: why)
        }
        return run.stages.flatMap { stage in
            var rows = stage.tensors.compactMap { tensor -> GateReport.Row? in
                guard let comparison = tensor.alignedVsGolden, comparison.verdict == .differs else {
                    return nil
                }
                return row(
                    "\(stage.stage.rawValue)/\(tensor.name)", .failed,
                    "The reference's path does not give what upstream's code gave. \(Self.figures(comparison))"
                )
            }
            if let raised = stage.raised, raised.isUnexpected {
                let (ours, upstreams) = (raised.aligned?.type ?? "nothing", raised.golden?.type ?? "nothing")
                rows.append(
                    row(
                        stage.stage.rawValue, .failed,
                        "The reference's path raises \(ours), and upstream's code raised \(upstreams)."))
            }
            if let tensor = stage.tensors.first(where: { $0.status == .notComputed }) {
                rows.append(
                    row(
                        stage.stage.rawValue, .incomparable,
                        "\(tensor.name) was not computed: \(Self.ended(tensor.why ?? "no reason was given"))"
                    ))
            }
            return rows
        }
    }

    private func rows(of comparison: ArchiveComparison) -> [GateReport.Row] {
        func row(_ id: String, _ status: GateReport.Status, _ sample: String?, _ why: String)
            -> GateReport.Row
        {
            GateReport.Row(id: id, status: status, input: comparison.left, sample: sample, why: why)
        }
        let against = "against \(comparison.right)"
        guard comparison.comparedTensors > 0 else {
            return [row("golden.archive", .incomparable, nil, "No tensor is in common, \(against).")]
        }
        var rows = comparison.samples.flatMap { sample in
            sample.tensors.filter { $0.status == .differs }.map {
                row(
                    "golden.\($0.tensor)", .failed, sample.name,
                    "It differs, \(against). \(Self.figures($0.comparison))")
            }
        }
        rows += comparison.shared.filter { $0.status == .differs }.map {
            row("golden.\($0.tensor)", .failed, nil, "It differs, \(against). \(Self.figures($0.comparison))")
        }
        rows += comparison.missing.map { row("golden.\($0)", .failed, nil, "It is missing, \(against).") }
        rows += comparison.extra.map { row("golden.\($0)", .failed, nil, "It is extra, \(against).") }
        if rows.isEmpty {
            let summary = "\(comparison.summary) Compared \(against)."
            rows.append(row("golden.archive", comparison.passes ? .passed : .failed, nil, summary))
        }
        return rows
    }

    private static func figures(_ comparison: TensorComparison) -> String {
        if let reason = comparison.reason { return sentence(reason) }
        guard let figures = comparison.figures else { return "" }
        return "\(figures.overTolerance) of \(figures.count) are over tolerance, the largest error is "
            + "\(number(figures.maxAbs)), SNR \(number(figures.snrDb)) dB."
    }

    // MARK: Sound and logs

    private func rows(of file: SoundResult) -> [GateReport.Row] {
        func row(_ id: String, _ status: GateReport.Status, _ why: String) -> GateReport.Row {
            GateReport.Row(id: id, status: status, input: file.path, why: why)
        }
        if file.verdict == .unreadable {
            return [row("input", .incomparable, file.evidence[SoundVerdict.unreadable.rawValue] ?? "")]
        }
        let failing = file.findings.filter { finding in
            switch finding {
            case .verdict(let verdict): policy.isStrict || sound.fails(verdict)
            // What `audio` itself only reports.
            default: policy.isStrict
            }
        }
        guard !failing.isEmpty else { return [row("sound", .passed, "It is \(file.verdict.rawValue).")] }
        return failing.map { row("sound.\($0.id)", .failed, file.evidence[$0.id] ?? "") }
    }

    private func rows(of log: LogFile) -> [GateReport.Row] {
        func row(_ id: String, _ status: GateReport.Status, _ why: String) -> GateReport.Row {
            GateReport.Row(id: id, status: status, input: log.path, why: why)
        }
        guard log.recognised > 0 else { return [row("input", .incomparable, log.sentence)] }
        let failing = log.findings.filter {
            $0.level == .defect || (policy.isStrict && $0.level == .warning)
        }
        guard !failing.isEmpty else { return [row("log", .passed, log.sentence)] }
        return failing.map { row("log.\($0.id)", .failed, "Line \($0.line): \($0.sentence)") }
    }

    private static func ended(_ message: String) -> String {
        message.hasSuffix(".") ? message : message + "."
    }

    private static func sentence(_ clause: String) -> String {
        // An id stays as it is.
        let isWord = clause.prefix { !$0.isWhitespace }.allSatisfy(\.isLetter)
        let start = isWord ? clause.prefix(1).uppercased() : String(clause.prefix(1))
        return ended(start + clause.dropFirst())
    }

    // MARK: Metrics

    private func metrics(_ evidence: GateEvidence, baseline: GateReport?) -> [GateReport.Metric] {
        let readings = GateReadings(evidence, warnings: sound.warnings)
        return GateMetric.allCases.compactMap { metric in
            let value = readings[metric]
            guard let requirement = policy.required.first(where: { $0.metric == metric }) else {
                return value.map { GateReport.Metric(metric: metric, value: $0, status: .notRequired) }
            }
            let before = baseline?.value(of: metric)
            return GateReport.Metric(
                metric: metric, value: value, atLeast: requirement.atLeast, atMost: requirement.atMost,
                changeAtMost: requirement.changeAtMost,
                status: value.map { requirement.passes($0, before: before) ? .met : .missed } ?? .noValue)
        }
    }

    private func row(of metric: GateReport.Metric, baseline: GateReport?) -> GateReport.Row? {
        guard metric.status != .notRequired else { return nil }
        let (id, what) = (metric.metric.rawValue, "\(metric.metric.rawValue) (\(metric.metric.words))")
        guard let value = metric.value else {
            return GateReport.Row(
                id: id, status: .failed, why: "The policy asks for \(what), and not every input gives it.")
        }
        let before = baseline?.value(of: metric.metric)
        let change = metric.changeAtMost.map { bound in
            before.map { ", from \(number($0)) in the baseline, and may change by \(number(bound))" }
                ?? "; the baseline has no value to hold it against"
        }
        return GateReport.Row(
            id: id, status: metric.status == .met ? .passed : .failed,
            why: "\(what) is \(number(value))\(metric.bounds)\(change ?? "").")
    }
}

extension GatePolicy.Requirement {
    /// Whether a value passes; one that is no number does not, nor one whose change nobody can tell.
    func passes(_ value: Double, before: Double?) -> Bool {
        if let atLeast, !(value >= atLeast) { return false }
        if let atMost, !(value <= atMost) { return false }
        guard let changeAtMost else { return true }
        guard let before else { return false }
        return abs(value - before) <= changeAtMost
    }
}

extension GateReport.Metric {
    /// The bounds in words, as they follow the value.
    var bounds: String {
        switch (atLeast, atMost) {
        case (let least?, let most?): ", asked for is \(number(least)) to \(number(most))"
        case (let least?, nil): ", asked for is at least \(number(least))"
        case (nil, let most?): ", asked for is at most \(number(most))"
        case (nil, nil): ""
        }
    }
}
