import AlignmentKit
import Testing

@Suite("Collator against upstream")
struct CollatorTests {
    @Test("every field of the batch is upstream's, or what upstream raises is raised")
    func collate() async throws {
        let trial = Trial("collator")
        let cases = trial.cases(1500, CollatorCase.init)
        let answers = try await Oracle.shared.ask("collator", cases, for: [String: PackedTensor?].self)
        trial.compare(cases, with: answers) { each in
            Outcome { () throws(UpstreamError) in
                Self.fields(try CollatorStage.collate(each.own, under: each.profile), each.profile)
            }
        }
    }

    /// The batch under upstream's names; of the features, whose values are not computed, the shape.
    private static func fields(_ batch: Batch, _ profile: CollatorProfile) -> [String: PackedTensor?] {
        var fields: [String: PackedTensor?] = [:]
        for field in batch.fields where field.name != "batch/audio_features" {
            let name = String(field.name.dropFirst("batch/".count))
            fields[name] = .some(tensor(field.value).map { PackedTensor($0) })
        }
        let waveforms = tensor(batch.audioFeatureAttentionMask)?.shape[0] ?? 0
        let shape: PackedTensor? =
            switch batch.audioFeatures {
            case .none: nil
            case .tensor(let empty): PackedTensor(empty.shape.extents)
            case .notComputed: PackedTensor([waveforms, profile.whisperMelBins ?? 0, 3000])
            }
        fields["audio_features_shape"] = .some(shape)
        return fields
    }

    private static func tensor(_ value: FieldValue) -> Tensor? {
        guard case .tensor(let tensor) = value else { return nil }
        return tensor
    }
}
