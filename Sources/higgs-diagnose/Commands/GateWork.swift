import AlignmentKit
import Foundation

/// Finds out about a gate's inputs: archives in workers, as many at a time as there are cores, then sound, then logs.
struct GateWork: Sendable {
    let policy: GatePolicy
    let sound: SoundProfile
    let tolerance: ToleranceProfile
    let settings: AnalysisSettings
    /// Where the sound of captures goes, for the page; nil for no page.
    let soundFolder: String?

    /// The evidence, and what a page shows of each capture.
    func run(_ inputs: GateInputs) async -> (GateEvidence, [CaptureView]) {
        var evidence = GateEvidence()
        evidence.failures = inputs.problems
        let views = await examine(inputs.paths(of: .capture), into: &evidence)
        let sounds = inputs.paths(of: .sound)
        if !sounds.isEmpty { evidence.sound = await measure(sounds) }
        let logs = inputs.paths(of: .log)
        if !logs.isEmpty { evidence.logs = LogReader.read(logs) }
        return (evidence, views)
    }

    // MARK: Captures

    private struct Examination: Sendable {
        var capture: GateEvidence.Capture
        var view: CaptureView
    }

    private func examine(_ archives: [String], into evidence: inout GateEvidence) async -> [CaptureView] {
        var goldens: [String: String]?
        if let folder = policy.captures.golden {
            do {
                let found = try GateInputs.archives(in: folder)
                let given = Set(archives.map(GateInputs.name(of:)))
                evidence.unpairedGoldens = found.filter { !given.contains($0.key) }.map(\.value).sorted()
                goldens = found
            } catch { evidence.failures.append(error) }
        }
        let progress = Progress(total: archives.count, noun: "captures")
        let cores = max(ProcessInfo.processInfo.activeProcessorCount, 1)
        let results = await withTaskGroup(of: (Int, Result<Examination, InputFailure>).self) { group in
            var results = [Result<Examination, InputFailure>?](repeating: nil, count: archives.count)
            for (index, archive) in archives.enumerated() {
                if index >= cores, let (done, result) = await group.next() { results[done] = result }
                group.addTask { [goldens] in
                    defer { progress.advance() }
                    return (index, await examine(archive, number: index, goldens: goldens))
                }
            }
            for await (done, result) in group { results[done] = result }
            return results.compactMap(\.self)
        }
        var views: [CaptureView] = []
        for result in results {
            switch result {
            case .failure(let failure): evidence.failures.append(failure)
            case .success(let examination):
                evidence.captures.append(examination.capture)
                views.append(examination.view)
            }
        }
        return views
    }

    private func examine(
        _ archive: String, number: Int, goldens: [String: String]?
    ) async -> Result<Examination, InputFailure> {
        do throws(InputFailure) {
            var task = ExplainTask(file: archive, settings: settings, isStrict: policy.isStrict)
            let folder = soundFolder.map { "\($0)/\(number)" }
            if let folder { try ReportFile.makeFolder(folder) }
            task.view = CaptureViewTask(soundFolder: folder)
            let found = try await Worker().perform(.explain(task), on: archive, as: ArchiveExplanation.self)
                .get()
            guard let view = found.view else {
                throw InputFailure(path: archive, message: WorkerEnding.brokenAnswer(about: archive))
            }
            let capture = GateEvidence.Capture(
                explanation: found.report(of: archive), runs: view.requests.map(\.run),
                comparison: await comparison(of: archive, goldens: goldens))
            return .success(Examination(capture: capture, view: view))
        } catch { return .failure(error) }
    }

    /// The capture beside the golden archive of its name; nil where there are none to compare with.
    private func comparison(
        of archive: String, goldens: [String: String]?
    ) async -> Result<ArchiveComparison, InputFailure>? {
        guard let goldens, let folder = policy.captures.golden else { return nil }
        guard let golden = goldens[GateInputs.name(of: archive)] else {
            let why = "\(archive) has no archive of its name in \(folder)."
            return .failure(InputFailure(path: archive, message: why))
        }
        var chosen = ComparisonSettings()
        chosen.tolerance = tolerance
        let task = CompareTask(
            left: archive, right: golden, settings: chosen, verifiesHashes: settings.verifiesHashes)
        return await Worker().perform(
            .compare(task), on: "\(archive) against \(golden)", as: ArchiveComparison.self)
    }

    // MARK: Sound

    private func measure(_ files: [String]) async -> SoundReport {
        let survey = SoundSurvey(
            meter: SoundMeter(isQuick: true, withTruePeak: false), judge: SoundJudge(sound),
            jobs: ProcessInfo.processInfo.activeProcessorCount)
        let progress = Progress(total: files.count, noun: "sound files")
        let budgets = policy.sound.maxNewTokens.map { limit in
            Dictionary(files.map { ($0, TokenBudget(tokens: limit)) }) { first, _ in first }
        }
        let run = await survey.run(files, budgets: budgets) { progress.advance() }
        return SoundReport(run, profile: sound)
    }
}
