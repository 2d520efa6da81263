public import AlignmentArchive
import AlignmentJSON
import AlignmentStages
import AlignmentTensors

/// Reads what an archive says of a pipeline.
public struct CaptureReader {
    let reader: ArchiveReader

    /// Reads from an open archive.
    public init(_ reader: ArchiveReader) { self.reader = reader }

    /// Everything but the logits' neighbours that no stage needs.
    ///
    /// - Throws: `ArchiveError` for what cannot be read, `CaptureError` for what cannot be.
    public func capture() throws -> Capture {
        let model = ModelConfiguration(
            model: try reader.jsonIfPresent(at: "config/model.json"),
            tokens: try reader.jsonIfPresent(at: "config/tokens.json"),
            codec: try reader.jsonIfPresent(at: "config/codec.json"))
        return Capture(
            path: reader.file, id: reader.header.id ?? "", createdBy: reader.header.createdBy ?? "",
            model: model,
            hasModelConfiguration: try reader.jsonIfPresent(at: "config/model.json") != nil,
            codec: try codecReference(), provenance: try reader.jsonIfPresent(at: "provenance.json"),
            samples: try children("samples").map { try sample($0, model) })
    }

    private func sample(_ name: String, _ model: ModelConfiguration) throws -> SampleCapture {
        let root = "samples/\(name)"
        let generation = "\(root)/generation"
        let own = try reader.jsonIfPresent(at: "\(root)/profile.json")
        let about = try reader.jsonIfPresent(at: "\(root)/sample.json")
        return SampleCapture(
            name: name, profile: try own ?? reader.jsonIfPresent(at: "profile.json"),
            collator: try collator(root), generation: try self.generation(generation, model),
            tokens: try tokens("\(root)/tokens"), decode: try decode("\(root)/decode"),
            textIDs: try reader.tensorIfPresent(at: "\(generation)/captured/text_ids")?.tensor?.integers,
            stop: try reader.jsonIfPresent(at: "\(generation)/captured/stop.json"),
            written: try written("\(root)/decode/captured/written"),
            spokenText: Self.spokenText(try reader.jsonIfPresent(at: "\(root)/messages.json")),
            sites: Self.sites(about), role: ExperimentRole(about))
    }

    /// Where the user's own code called upstream.
    private static func sites(_ json: JSONValue?) -> [CallSite.Call: CallSite] {
        Dictionary(
            uniqueKeysWithValues: CallSite.Call.allCases.compactMap { call in
                CallSite(json?["sites"]?[call.rawValue]).map { (call, $0) }
            })
    }

    /// The text of the last message of the user.
    private static func spokenText(_ messages: JSONValue?) -> String? {
        guard let content = messages?.array?.last(where: { $0["role"] == .string("user") })?["content"] else {
            return nil
        }
        if let text = content.string { return text }
        let parts = (content.array ?? [content]).compactMap { $0["text"]?.string }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    // MARK: Stages

    private func collator(_ root: String) throws -> StageRecord<CollatorFacts>? {
        let input = "\(root)/collator/input"
        guard try reader.contains(input) else { return nil }
        let rows = try children("\(input)/items")
        let items =
            try rows.isEmpty ? [collatorItem(input)] : rows.map { try collatorItem("\(input)/items/\($0)") }
        return try record("\(root)/collator", CollatorFacts(items: items)) { group in
            try children("\(group)/batch").map { name in
                NamedField("batch/\(name)", try field("\(group)/batch/\(name)"))
            }
        }
    }

    private func collatorItem(_ group: String) throws -> CollatorItem {
        CollatorItem(
            promptIDs: try reader.int64(at: "\(group)/prompt_ids", rank: 1).scalars,
            segments: try children("\(group)/segments").map {
                EncodedSegment(codes: try reader.int64(at: "\(group)/segments/\($0)/codes", rank: 2))
            },
            built: try reader.contains("\(group)/sample") ? builtSample("\(group)/sample") : nil)
    }

    private func builtSample(_ group: String) throws -> ChatMLSample {
        func tensor(_ name: String) throws -> Tensor? {
            try reader.tensorIfPresent(at: "\(group)/\(name)")?.tensor
        }
        func matrix(_ name: String) throws -> NDArray<Int64>? {
            guard let array = try tensor(name)?.int64() else { return nil }
            guard array.shape.rank == 2 else {
                throw CaptureError(
                    file: reader.file, path: "\(group)/\(name)",
                    problem: "has the shape \(array.shape) where [codebook, frame] was expected")
            }
            return array
        }
        var sample = ChatMLSample(
            inputIDs: try reader.int64(at: "\(group)/input_ids", rank: 1).scalars)
        sample.labelIDs = try tensor("label_ids")?.integers
        sample.audioIDsConcat = try matrix("audio_ids_concat")
        sample.audioIDsStart = try tensor("audio_ids_start")?.integers?.map(Int.init)
        sample.waveformsConcat = try tensor("audio_waveforms_concat")?.float32().scalars
        sample.waveformsStart = try tensor("audio_waveforms_start")?.integers?.map(Int.init)
        sample.sampleRates = try tensor("audio_sample_rate")?.numbers
        sample.audioLabelIDsConcat = try matrix("audio_label_ids_concat")
        sample.reward = try tensor("reward")?.numbers?.first.map(Float.init)
        return sample
    }

    private func generation(
        _ group: String, _ model: ModelConfiguration
    ) throws -> StageRecord<GenerationFacts>? {
        guard try reader.contains(group) else { return nil }
        let segments = try streams("\(group)/captured/segments", "delayed")
        let logits = try reader.tensorIfPresent(at: "\(group)/input/audio_logits")?.tensor?.float32()
        let columns = try reader.tensorIfPresent(at: "\(group)/input/reference_columns")?.tensor?.int64()
        var facts = GenerationFacts(
            logits: logits, referenceColumns: columns ?? NDArray(repeating: 0, shape: .matrix(0, 0)),
            segments: segments)
        if let logits {
            let codebooks = segments.first?.rows ?? 0
            let isSound =
                logits.shape.rank == 3 && logits.shape[0] == facts.stepCount && logits.shape[1] == codebooks
            guard isSound || facts.stepCount == 0 else {
                throw CaptureError(
                    file: reader.file, path: "\(group)/input/audio_logits",
                    problem: "has the shape \(logits.shape) where the drawn streams took "
                        + "\(facts.stepCount) steps of \(codebooks) codebooks")
            }
        }
        if logits == nil { facts.top = try topLogits("\(group)/input", of: facts, model) }
        return try record(group, facts) { group in
            var fields: [NamedField] = []
            for name in ["scores"] where try reader.contains("\(group)/\(name)") {
                fields.append(NamedField(name, try field("\(group)/\(name)")))
            }
            for segment in try children("\(group)/segments") {
                let name = "segments/\(segment)/delayed"
                fields.append(NamedField(name, try field("\(group)/\(name)")))
            }
            for name in ["text_ids", "num_delay", "num_remaining_delays"]
            where try reader.contains("\(group)/\(name)") {
                fields.append(NamedField(name, try field("\(group)/\(name)")))
            }
            return fields
        }
    }

    /// The largest logits of every step; nil where none were recorded.
    private func topLogits(
        _ group: String, of facts: GenerationFacts, _ model: ModelConfiguration
    ) throws -> TopLogits? {
        func floats(_ name: String) throws -> NDArray<Float>? {
            try reader.tensorIfPresent(at: "\(group)/\(name)")?.tensor?.float32()
        }
        guard let logits = try floats("top/logits") else { return nil }
        let ids = try reader.tensorIfPresent(at: "\(group)/top/ids")?.tensor?.int64()
        let (sum, drawn) = (try floats("logsumexp"), try floats("drawn_logit"))
        let vocabulary = model.audioCodebookSize + 2
        let codebooks = facts.segments.first?.rows ?? 0
        let cells = [facts.stepCount, codebooks]
        guard let ids, let sum, let drawn, logits.shape.rank == 3, ids.shape == logits.shape,
            Array(logits.shape.extents.prefix(2)) == cells, sum.shape.extents == cells,
            drawn.shape.extents == cells, (1...vocabulary).contains(logits.shape[2])
        else {
            throw CaptureError(
                file: reader.file, path: "\(group)/top/logits",
                problem:
                    "has the shape \(logits.shape) where the drawn streams took \(facts.stepCount) steps of "
                    + "\(codebooks) codebooks, and logits, ids, logsumexp and drawn_logit go together")
        }
        return TopLogits(
            ids: ids, logits: logits, logSumExp: sum, drawnLogit: drawn, vocabulary: vocabulary)
    }

    private func tokens(_ group: String) throws -> StageRecord<[NDArray<Int64>]>? {
        guard try reader.contains("\(group)/input") else { return nil }
        return try record(group, try streams("\(group)/input/segments", "delayed")) { group in
            try calls(group, "codes")
        }
    }

    private func decode(_ group: String) throws -> StageRecord<[NDArray<Int64>]>? {
        guard try reader.contains("\(group)/input") else { return nil }
        return try record(group, try streams("\(group)/input/calls", "codes")) { group in
            try calls(group, "waveform")
                + children("\(group)/written").map {
                    NamedField("written/\($0)/samples", try field("\(group)/written/\($0)/samples"))
                }
        }
    }

    private func calls(_ group: String, _ name: String) throws -> [NamedField] {
        try children("\(group)/calls").map {
            NamedField("calls/\($0)/\(name)", try field("\(group)/calls/\($0)/\(name)"))
        }
    }

    private func written(_ group: String) throws -> [WrittenSound] {
        try children(group).compactMap { index in
            let path = "\(group)/\(index)/samples"
            guard let samples = try reader.tensor(at: path).tensor else { return nil }
            let labels = try reader.attributes(at: path).labels
            return WrittenSound(
                file: labels.file ?? index, sampleRate: labels.sampleRate ?? 0, subtype: labels.subtype ?? "",
                samples: samples)
        }
    }

    private func codecReference() throws -> CodecReference {
        let json = try reader.jsonIfPresent(at: "weights/codec.json")
        var reference = CodecReference(
            tensors: [:], archiveSHA256: json?["archive_sha256"]?.string, pathHint: json?["path"]?.string,
            tensorHashes: (json?["tensors"]?.object ?? [:]).compactMapValues(\.string))
        for name in try children("weights/codec") {
            reference.tensors[name] = try reader.tensor(at: "weights/codec/\(name)").tensor
        }
        return reference
    }

    // MARK: Parts

    /// The names in a group; none if there is no such group.
    private func children(_ group: String) throws -> [String] {
        try reader.kind(of: group) == .group ? reader.children(of: group) : []
    }

    private func field(_ path: String) throws -> FieldValue {
        switch try reader.tensor(at: path) {
        case .pythonNone: .none
        case .tensor(let tensor): .tensor(tensor)
        }
    }

    /// The matrices `<group>/<k>/<name>` in the order of k.
    private func streams(_ group: String, _ name: String) throws -> [NDArray<Int64>] {
        try children(group).map { try reader.int64(at: "\(group)/\($0)/\(name)", rank: 2) }
    }

    /// A stage's facts with what was recorded in `captured` and `golden`.
    private func record<Facts>(
        _ group: String, _ facts: Facts, _ fields: (String) throws -> [NamedField]
    ) throws -> StageRecord<Facts> {
        func outcome(_ name: String) throws -> Outcome? {
            let side = "\(group)/\(name)"
            guard try reader.contains(side) else { return nil }
            if let raised = try reader.jsonIfPresent(at: "\(side)/raised.json") {
                return .raised(
                    UpstreamError(
                        type: raised["type"]?.string ?? "", message: raised["message"]?.string ?? "",
                        location: raised["where"]?.string ?? ""))
            }
            return .fields(try fields(side))
        }
        return StageRecord(facts: facts, captured: try outcome("captured"), golden: try outcome("golden"))
    }
}

extension Tensor {
    /// The elements of a tensor of whole numbers.
    fileprivate var integers: [Int64]? {
        switch self {
        case .int64(let array): array.scalars
        case .int32(let array): array.scalars.map(Int64.init)
        default: nil
        }
    }

    /// The elements as numbers.
    fileprivate var numbers: [Double]? {
        switch self {
        case .float64(let array): array.scalars
        case .float32(let array): array.scalars.map(Double.init)
        case .int64(let array): array.scalars.map(Double.init)
        case .int32(let array): array.scalars.map(Double.init)
        default: nil
        }
    }
}
