public import AlignmentJSON
public import AlignmentStages
public import AlignmentTensors

/// What an archive says of a pipeline: its configuration, its profile, and what each request went through.
public struct Capture: Sendable {
    /// The archive's path, as given.
    public var path: String
    /// The archive's UUID.
    public var id: String
    /// What wrote it, name and version.
    public var createdBy: String
    /// The model's configuration; the released model's where it was not recorded.
    public var model: ModelConfiguration
    /// The archive holds it.
    public var hasModelConfiguration = true
    /// Which weights decoded.
    public var codec: CodecReference
    /// Versions, device, seed, command line, as recorded.
    public var provenance: JSONValue?
    /// The requests, in order.
    public var samples: [SampleCapture]
}

/// One request, stage by stage. A stage that was not recorded is nil.
public struct SampleCapture: Sendable {
    /// Its name in the archive.
    public var name: String
    /// The profile as captured: a flat object of knobs.
    public var profile: JSONValue?
    /// Prompt, encoded segments and the sample built of them.
    public var collator: StageRecord<CollatorFacts>?
    /// Logits and draws.
    public var generation: StageRecord<GenerationFacts>?
    /// Delayed streams as `generate` returned them.
    public var tokens: StageRecord<[NDArray<Int64>]>?
    /// Codes as handed to the codec.
    public var decode: StageRecord<[NDArray<Int64>]>?
    /// Ids of the generated text, [position].
    public var textIDs: [Int64]?
    /// How the generation ended.
    public var stop: JSONValue?
    /// What was written to disk.
    public var written: [WrittenSound]
    /// The text of the last user message, which is what was to be spoken; nil if it was not recorded.
    public var spokenText: String?
    /// Where the user's own code called upstream; empty where the recorder did not look.
    public var sites: [CallSite.Call: CallSite] = [:]
    /// Its part in an experiment; nil for a request of none.
    public var role: ExperimentRole?
}

/// A stage of one request: what it stood on, what it did, and what upstream's code does.
public struct StageRecord<Facts: Sendable>: Sendable {
    /// The stage's input.
    public var facts: Facts
    /// What the pipeline did; nil if that was not recorded.
    public var captured: Outcome?
    /// What upstream's code gives for the same input under the reference profile; nil in a plain capture.
    public var golden: Outcome?
}

/// What came of a stage.
public enum Outcome: Sendable, Equatable {
    /// Upstream's code raised, or raises.
    case raised(UpstreamError)
    /// Its output.
    case fields([NamedField])
    /// This version, or this capture, cannot give the output, and why.
    case notComputed(String)

    /// The field of a name; not computed if the whole output is not, nil if there is no such field.
    public subscript(name: String) -> FieldValue? {
        switch self {
        case .fields(let fields): fields.first { $0.name == name }?.value
        case .notComputed(let why): .notComputed(why)
        case .raised: nil
        }
    }

    /// The fields; none if it raised or was not computed.
    public var fields: [NamedField] {
        if case .fields(let fields) = self { fields } else { [] }
    }
}

/// A sound file as it was read back.
public struct WrittenSound: Sendable {
    /// Its base name.
    public var file: String
    /// Rate in its header, in Hz.
    public var sampleRate: Int
    /// libsndfile's word for its encoding.
    public var subtype: String
    /// int32 for PCM, float32 otherwise, [sample] or [sample, channel].
    public var samples: Tensor
}

/// Where the codec's decode side is to be found.
public struct CodecReference: Sendable {
    /// Tensors inside the archive.
    public var tensors: [String: Tensor]
    /// SHA-256 of the archive that holds them instead.
    public var archiveSHA256: String?
    /// Where that archive was, as recorded.
    public var pathHint: String?
    /// SHA-256 of each live tensor, by state-dict name.
    public var tensorHashes: [String: String]
}
