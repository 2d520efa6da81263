import AlignmentKit

/// The sampler of one archive's requests.
struct SamplingTask: Codable, Sendable {
    var file: String
    var settings: AnalysisSettings
    /// A good run whose logits are compared.
    var against: String?
    /// Probability of contradicting a setting that acted, at most, over all that is said of the call.
    var level: Double
}

/// What `sampling` found out about one archive.
struct ArchiveSampling: Codable, Sendable {
    var samples: [Sample]

    /// One request.
    struct Sample: Codable, Sendable {
        var findings: SamplerFindings
        var draws: WeighedDraws?
        /// Ids that were to be repaired while it ran; nil for a run as it is.
        var repaired: [String]?
    }
}

extension SamplingTask {
    /// Does the work, in the worker process.
    func run() throws -> ArchiveSampling {
        let reader = try ArchiveReader(file: file, verifiesHashes: settings.verifiesHashes)
        let (capture, codec) = try settings.open(reader)
        let evidence = try ConditioningEvidence(reader)
        let reference = ExplanationReference(settings.reference, for: capture.model)
        let good = try against.map { try settings.open($0).0 }
        // Each request is judged, and all of them together that ran with the same repair, or with none.
        let count = capture.samples.count
        let pools = Set(capture.samples.map(\.repairAsked)).count
        let level = level / Double(count > 1 ? count + pools : 1)
        return ArchiveSampling(
            samples: capture.samples.map { sample in
                let explainer = SampleExplainer(
                    sample, of: capture, evidence: evidence, reference: reference, profile: settings.profile,
                    codec: codec)
                let draws = explainer.weighedDraws()
                var findings = explainer.samplerFindings(draws, level: level)
                findings.goldenLogits = good.map(explainer.goldenLogits)
                return ArchiveSampling.Sample(
                    findings: findings, draws: draws, repaired: sample.repairAsked)
            })
    }
}
