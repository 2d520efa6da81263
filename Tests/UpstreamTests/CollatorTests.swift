import AlignmentKit
import Testing

@Suite("Collator against upstream")
struct CollatorTests {
    @Test("every field of the batch is upstream's, or what upstream raises is raised")
    func collate() async throws {
        let trial = Trial("collator")
        let cases = trial.cases(2400, CollatorCase.init)
        let answers = try await Oracle.shared.ask("collator", cases, for: [String: PackedTensor?].self)
        let own = cases.map { each in
            Outcome { () throws(UpstreamError) in try CollatorStage.collate(each.own, under: each.profile) }
        }
        trial.compare(Array(own.indices), with: answers) { own[$0].map(Self.fields) }
        for quirk in CollatorQuirk.all {
            let count = zip(cases, own).count { quirk.isMet($0, $1) }
            #expect(count >= 4, "only \(count) cases with: \(quirk.name)")
        }
    }

    /// The batch under upstream's names; of the features, which have a suite of their own, the shape.
    private static func fields(_ batch: Batch) -> [String: PackedTensor?] {
        var fields: [String: PackedTensor?] = [:]
        for field in batch.fields where field.name != "batch/audio_features" {
            let name = String(field.name.dropFirst("batch/".count))
            fields[name] = .some(tensor(field.value).map { PackedTensor($0) })
        }
        fields["audio_features_shape"] = .some(
            tensor(batch.audioFeatures).map { PackedTensor($0.shape.extents) })
        return fields
    }

    private static func tensor(_ value: FieldValue) -> Tensor? {
        guard case .tensor(let tensor) = value else { return nil }
        return tensor
    }
}
