import AlignmentKit

/// The cause of what one archive holds.
struct ExplainTask: Codable, Sendable {
    var file: String
    var settings: AnalysisSettings
    /// A good run in place of the reference profile.
    var against: String?
    var isStrict: Bool
}

/// What `explain` found out about one archive.
struct ArchiveExplanation: Codable, Sendable {
    var samples: [Explanation]
}

extension ExplainTask {
    /// Does the work, in the worker process.
    func run() throws -> ArchiveExplanation {
        let reader = try ArchiveReader(file: file, verifiesHashes: settings.verifiesHashes)
        let (capture, codec) = try settings.open(reader)
        let evidence = try ConditioningEvidence(reader)
        let reference = try self.reference(for: capture)
        WorkerNotice.announce(.computing)
        return ArchiveExplanation(
            samples: capture.samples.map { sample in
                SampleExplainer(
                    sample, of: capture, evidence: evidence, reference: reference, profile: settings.profile,
                    codec: codec, isStrict: isStrict
                ).explain()
            })
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
}
