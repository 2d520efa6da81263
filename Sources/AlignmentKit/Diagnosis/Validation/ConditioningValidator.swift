public import AlignmentCodec
import AlignmentJSON
public import AlignmentStages

/// Checks the conditioning of one request: what the model was told about the voice.
///
/// Each check looks at recorded facts first, then at what the capture declares.
public struct ConditioningValidator {
    let sample: SampleCapture
    let capture: Capture
    let evidence: ConditioningEvidence
    let codec: Result<CodecFamily, MissingCodec>
    let reference: ProfileDescription
    var model: ModelConfiguration { capture.model }

    /// Prepares the checks of a request.
    public init(
        _ sample: SampleCapture, of capture: Capture, evidence: ConditioningEvidence,
        reference: ProfileDescription, codec: Result<CodecFamily, MissingCodec>
    ) {
        (self.sample, self.capture, self.evidence) = (sample, capture, evidence)
        (self.reference, self.codec) = (reference, codec)
    }

    /// All checks.
    public func run() -> SampleValidation {
        let checks = ConditioningCheck.Name.allCases.map(check)
        let statuses = Set(checks.map(\.status))
        return SampleValidation(
            path: capture.path, sample: sample.name, reference: reference.name, pathway: pathway,
            checks: checks,
            exitCode: statuses.contains(.failed) ? 1 : statuses == [.notDecided] ? 2 : 0)
    }

    private func check(_ name: ConditioningCheck.Name) -> ConditioningCheck {
        switch name {
        case .whisperProcessor: whisperProcessor
        case .melBins: melBins
        case .waveformRate: waveformRate
        case .conditioningPathway: conditioningPathway
        case .specialTokenIDs: specialTokenIDs
        case .placeholders: placeholders
        case .assistantHeader: assistantHeader
        case .streamIDs: streamIDs
        case .audioTokenizer: audioTokenizer
        case .codecCodebooks: codecCodebooks
        case .codecCodebookSize: codecCodebookSize
        case .referenceAudio: referenceAudio
        case .serveEngineAlignment: serveEngineAlignment
        }
    }

    /// A path below the request.
    func path(_ inner: String) -> String { "/samples/\(sample.name)/\(inner)" }

    /// What the capture's profile says of a knob; nil if nothing.
    func declared(_ key: String) -> JSONValue? { sample.profile?[key] }

    /// What the batch holds in a field, as the model received it; nil without a recorded batch.
    func batch(_ field: String) -> FieldValue? { sample.collator?.captured?["batch/\(field)"] }
}

extension ConditioningCheck {
    /// A check without mismatches.
    init(
        _ check: Name, _ status: Status, _ value: JSONValue, expected: JSONValue, _ evidence: [String],
        _ why: String
    ) {
        self.init(
            check: check, status: status, value: value, expected: expected, evidence: evidence, why: why)
    }
}
