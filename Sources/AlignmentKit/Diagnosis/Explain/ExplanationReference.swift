public import AlignmentCodec
import AlignmentJSON
public import AlignmentStages
import AlignmentTensors

/// What a capture is judged against: a named profile, or a run that was good.
public struct ExplanationReference: Sendable {
    /// The profile's name, or the good capture's path.
    public let name: String
    /// The profile of every stage.
    public let profile: Profile
    /// SHA-256 of each tensor of the codec's decode side, by state-dict name; none where they are not known.
    let codecHashes: [String: String]
    /// Knobs whose value the model's configuration gives.
    let modelKnobs: [Knob]
    /// The good run's request; nil for a profile.
    let sample: SampleCapture?
    /// Deviations that the good run's own facts show; it was good all the same.
    let knownFacts: Set<String>
    private let provenance: JSONValue?

    /// A named profile.
    ///
    /// - Parameter codecHashes: SHA-256 of each tensor of the codec at hand, by state-dict name.
    public init(
        _ profile: ProfileDescription, for model: ModelConfiguration, codecHashes: [String: String] = [:]
    ) {
        name = profile.name
        self.profile = profile.resolved(for: model)
        self.codecHashes = codecHashes
        modelKnobs = Knob.all.filter { profile.settings[$0.key]?.isTakenFromModel == true }
        sample = nil
        knownFacts = []
        provenance = nil
    }

    /// A good run: the profile under which its first request without a repair is reproduced, and its codec.
    ///
    /// - Parameter codec: the good run's codec.
    public init(
        goodRun capture: Capture, evidence: ConditioningEvidence, codec: Result<CodecFamily, MissingCodec>
    ) throws(CaptureError) {
        guard let sample = capture.samples.first(where: { !$0.isRepairedRun }) else {
            throw CaptureError(
                file: capture.path, path: "/samples", problem: "holds no request that ran without a repair")
        }
        name = capture.path
        let serving = ExplanationReference(.serveEngine, for: capture.model)
        let explained = SampleExplainer(
            sample, of: capture, evidence: evidence, reference: serving, codec: codec
        ).explain()
        profile = explained.profile
        let own = explained.explanation
        let found = own.causes + own.causes.flatMap(\.consequences) + own.settings + own.harmless
        knownFacts = Set(found.filter { $0.proof == .fact }.map(\.id))
        codecHashes = capture.codec.tensorHashes
        modelKnobs = []
        self.sample = sample
        provenance = capture.provenance
    }

    /// What surrounds a capture and has changed since the good run; none for a profile.
    func changes(to capture: Capture) -> [String] {
        RunChanges(from: provenance, to: capture.provenance).sentences
    }

    /// Whether a capture ran with the versions, flags and devices of the good run.
    func ranLike(_ capture: Capture) -> Bool {
        guard let provenance, let other = capture.provenance else { return false }
        return ["packages", "platform", "torch", "device", "dtype"].allSatisfy { provenance[$0] == other[$0] }
    }
}
