import AlignmentKit
import Foundation

/// The cause of what one archive holds.
struct ExplainTask: Codable, Sendable {
    var file: String
    var settings: AnalysisSettings
    /// A good run in place of the reference profile.
    var against: String?
    var isStrict: Bool
    /// Empty folders to fill, which the command gives their names when they are whole.
    var repairedFolder: String?
    var reproFolder: String?
    /// What else is wanted for a page about the archive; nil for nothing.
    var view: CaptureViewTask?
}

/// What `explain` found out about one archive.
struct ArchiveExplanation: Codable, Sendable {
    /// The profile judged against.
    var reference: String
    /// The requests that ran without a repair.
    var samples: [Explanation]
    /// What those with a repair show; nil without any.
    var interventions: [Intervention]?
    /// nil where it was not asked for.
    var repaired: WrittenFiles?
    var repro: WrittenFiles?
    /// nil where it was not asked for.
    var view: CaptureView?

    /// The report of an archive.
    func report(of archive: String) -> ExplanationReport {
        ExplanationReport(samples, interventions: interventions)
            ?? ExplanationReport(onlyRepaired: interventions ?? [], path: archive, reference: reference)
    }
}

/// What was written into a folder.
struct WrittenFiles: Codable, Sendable {
    var files: [String] = []
    /// The deviations that it is about.
    var ids: [String] = []
    /// Why nothing was written; nil if something was.
    var reason: String?
}

extension ExplainTask {
    /// Does the work, in the worker process.
    func run() throws -> ArchiveExplanation {
        let reader = try ArchiveReader(file: file, verifiesHashes: settings.verifiesHashes)
        let (capture, codec) = try settings.open(reader)
        let evidence = try ConditioningEvidence(reader)
        let reference = try self.reference(for: capture)
        WorkerNotice.announce(.computing)
        let explainers = capture.samples.map { sample in
            SampleExplainer(
                sample, of: capture, evidence: evidence, reference: reference, profile: settings.profile,
                codec: codec, isStrict: isStrict)
        }
        // Runs with a repair are evidence on those without, and not to be explained.
        let judged = zip(explainers, capture.samples).filter { !$1.isRepairedRun }.map(\.0)
        let draws = judged.map { $0.drawsWithoutScores() }
        var explained = zip(judged, draws).map { explainer, own in
            explainer.explain(own.map { DrawEvidence($0, among: draws.compactMap(\.self)) })
        }
        let interventions = Interventions(explainers)
        if let interventions { explained = interventions.attribute(explained) }
        let explanations = explained.map(\.explanation)
        var result = ArchiveExplanation(
            reference: reference.name, samples: explanations, interventions: interventions?.rows(explanations)
        )
        if let repairedFolder {
            result.repaired = try repair(
                explained, of: reader, leavingOut: capture.samples.filter(\.isRepairedRun).map(\.name),
                into: repairedFolder)
        }
        if let reproFolder { result.repro = try show(explained, of: reader, in: reproFolder) }
        if let view {
            result.view = try view.run(capture, codec: codec, settings: settings, isStrict: isStrict)
        }
        return result
    }

    private func reference(for capture: Capture) throws -> ExplanationReference {
        guard let against else {
            return ExplanationReference(
                settings.reference, for: capture.model,
                codecHashes: settings.locator.tensorHashes(of: capture))
        }
        let reader = try ArchiveReader(file: against, verifiesHashes: settings.verifiesHashes)
        let (good, goodCodec) = try settings.open(reader)
        return try ExplanationReference(
            goodRun: good, evidence: ConditioningEvidence(reader), codec: goodCodec)
    }

    /// The archive without the defects of its last two stages, and each request's sound.
    ///
    /// - Parameter omitted: requests that ran with a repair; beside a repaired recording they would show nothing.
    private func repair(
        _ explained: [ExplainedSample], of reader: ArchiveReader, leavingOut omitted: [String],
        into folder: String
    ) throws -> WrittenFiles {
        var written = WrittenFiles(files: ["repaired.h5"])
        var repairs: [Repair] = []
        var sounds: [String: String] = [:]
        for sample in explained {
            do {
                let repair = try sample.repair()
                let sound = "\(repair.sample).wav"
                try SoundFile.write(
                    repair.sound, sampleRate: Analysis.sampleRate, as: .float, to: "\(folder)/\(sound)")
                repairs.append(repair)
                sounds[repair.sample] = sound
                written.files.append(sound)
                written.ids += repair.ids.filter { !written.ids.contains($0) }
            } catch let error as Repair.Impossible {
                written.reason = written.reason ?? error.description
            }
        }
        guard !repairs.isEmpty else { return WrittenFiles(reason: written.reason ?? "it holds no request") }
        written.reason = nil
        try RepairedArchive(reader, repairs, leavingOut: omitted)
            .write(to: "\(folder)/repaired.h5", header: .madeNow, sounds: sounds)
        return written
    }

    /// The first cause as a script, with the part of the archive that it needs and the text of an issue.
    private func show(
        _ explained: [ExplainedSample], of reader: ArchiveReader, in folder: String
    ) throws -> WrittenFiles {
        guard let sample = explained.first(where: { !$0.explanation.causes.isEmpty }) else {
            return WrittenFiles(reason: "there is no cause to show")
        }
        let repro: Repro
        do { repro = try sample.repro() } catch { return WrittenFiles(reason: error.description) }
        do {
            try ReproArchive(reader, for: repro).write(to: "\(folder)/capture.h5", header: .madeNow)
        } catch let error as Repro.Impossible { return WrittenFiles(reason: error.description) }
        try Data(repro.script.utf8).write(to: URL(filePath: "\(folder)/repro.py"))
        try Data(repro.issue.utf8).write(to: URL(filePath: "\(folder)/issue.md"))
        return WrittenFiles(files: ["repro.py", "capture.h5", "issue.md"], ids: [repro.id])
    }
}

extension ArchiveHeader {
    /// The header of an archive that is made now, by this program.
    fileprivate static var madeNow: ArchiveHeader {
        ArchiveHeader(
            id: UUID().uuidString.lowercased(), createdAt: Date.now.formatted(.iso8601),
            createdBy: "higgs-diagnose \(Version.current)")
    }
}
