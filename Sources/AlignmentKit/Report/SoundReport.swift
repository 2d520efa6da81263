public import AlignmentAcoustics
public import AlignmentDiagnosis
import AlignmentWording

/// The result of `audio`: a run of sound files, and the success metrics as far as sound alone gives them.
///
/// In JSON the run's own keys, and `success_metrics` beside them.
public struct SoundReport: Sendable, Equatable, Encodable {
    /// The files and what is said of them together.
    public var run: SoundRun
    /// The story's four rows.
    public var successMetrics: [SuccessMetric]

    /// A report of a run judged by a profile.
    public init(_ run: SoundRun, profile: SoundProfile) {
        self.run = run
        successMetrics = [
            Self.energy(run, profile), Self.ending(run),
            Self.row(
                SuccessMetric.alignmentName, "100 %", "recomputation of each stage",
                "sound alone does not show it"),
            SuccessMetric(
                metric: "Generation quality", target: "audible speech", current: .notRated,
                aligned: .notRated,
                validationMethod: "human evaluation", status: .notRated),
        ]
    }

    private enum CodingKeys: CodingKey { case successMetrics }

    /// Writes the run's keys and one more.
    public func encode(to encoder: any Encoder) throws {
        try run.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(successMetrics, forKey: .successMetrics)
    }

    /// The least energy of all files.
    private static func energy(_ run: SoundRun, _ profile: SoundProfile) -> SuccessMetric {
        let energies = run.files.compactMap { $0.measures }.filter { $0.samples > 0 }.map(\.acEnergy)
        let gate = profile.silentEnergy == 1e-6 ? "1e-6" : number(profile.silentEnergy)
        var row = row("Audio energy", "> \(gate)", "waveform analysis", "no sound could be read")
        guard let least = energies.min() else { return row }
        let silent = energies.count { $0 < profile.silentEnergy }
        row.current = .figure(least)
        row.status = silent == 0 ? .met : .missed
        row.why = "the least of \(energies.count) files; \(silent) are below"
        return row
    }

    /// The share of files that ended before their limit, where it is known.
    private static func ending(_ run: SoundRun) -> SuccessMetric {
        var row = row(
            "EOS token presence", "100 %", "length against the token limit", "no token limit is known")
        guard let budgets = run.budgets, budgets.known > 0 else { return row }
        row.current = .figure(1 - Double(budgets.exhausted) / Double(budgets.known))
        row.status = budgets.exhausted == 0 ? .met : .missed
        row.why = "\(budgets.exhausted) of \(budgets.known) are exactly as long as their limit leaves"
        return row
    }

    private static func row(_ metric: String, _ target: String, _ method: String, _ missing: String)
        -> SuccessMetric
    {
        SuccessMetric(
            metric: metric, target: target, current: .notComputed(missing),
            aligned: .notComputed("no capture"),
            validationMethod: method, status: .notComputed)
    }

    /// Every file in a row, the worst first, for a page where rows can be sorted and filtered.
    package var table: Document.Table {
        Document.Table(
            ["status", "level", "seconds", "AC energy", "findings", "file", "why"],
            run.worstFirst.map { file in
                [
                    file.verdict.rawValue, file.level?.rawValue ?? "-",
                    file.measures.map { number($0.seconds) } ?? "-",
                    file.measures.map { number($0.acEnergy) } ?? "-",
                    file.findings.map(\.id).joined(separator: ", "), file.path,
                    file.findings.first.flatMap { file.evidence[$0.id] } ?? "",
                ]
            })
    }

    /// The report for people: what is said of all, the files that matter, the metrics.
    ///
    /// - Parameter rows: the most files in the table; nil for all.
    public func document(rows: Int? = 40) -> Document {
        var document = run.document(rows: rows)
        document.writeMetrics(successMetrics)
        return document
    }
}
