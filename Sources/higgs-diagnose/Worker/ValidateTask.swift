import AlignmentKit

/// The conditioning of one archive.
struct ValidateTask: Codable, Sendable {
    var file: String
    var settings: AnalysisSettings
}

/// What `validate` found out about one archive.
struct ArchiveValidation: Codable, Sendable {
    var samples: [SampleValidation]
}

extension ValidateTask {
    /// Does the work, in the worker process.
    func run() throws -> ArchiveValidation {
        let reader = try ArchiveReader(file: file, verifiesHashes: settings.verifiesHashes)
        let (capture, codec) = try settings.open(reader)
        let evidence = try ConditioningEvidence(reader)
        return ArchiveValidation(
            samples: capture.samples.map { sample in
                ConditioningValidator(
                    sample, of: capture, evidence: evidence, reference: settings.reference, codec: codec
                ).run()
            })
    }
}
