@testable import AlignmentDiagnosis
import AlignmentKit
import Testing

/// The checks on a batch that is laid out as the port's.
@Suite("Validation of the port's batches")
struct PortValidationTests {
    private let model = RandomFacts.model
    private let profile = ProfileDescription.transformersPort

    /// The checks of a request with a reference of four frames, whose batch is changed before.
    private func checks(
        _ change: (inout [NamedField]) -> Void = { _ in }
    ) throws -> [ConditioningCheck.Name: ConditioningCheck] {
        let codes = NDArray<Int64>(rows: 3, columns: 4) { Int64($0 + $1) }
        let facts = CollatorFacts(
            items: [CollatorItem(promptIDs: [1, 12, 2, 15], segments: [EncodedSegment(codes: codes)])])
        var fields = try CollatorStage.fields(
            facts, under: profile.resolved(for: model).collator, model: model)
        change(&fields)
        let sample = SampleCapture(
            name: "0", profile: .object(["collator.batch_layout": .string("expanded")]),
            collator: StageRecord(facts: facts, captured: .fields(fields), golden: nil), generation: nil,
            tokens: nil, decode: nil, textIDs: nil, stop: nil, written: [])
        let capture = Capture(
            path: "port.h5", id: "", createdBy: "", model: model,
            codec: CodecReference(tensors: [:], tensorHashes: [:]), provenance: nil, samples: [sample])
        let evidence = ConditioningEvidence(
            model: .object([:]), tokens: .object(["assistant_header": .array([.integer(2)])]), codec: nil,
            sounds: [:])
        let validation = ConditioningValidator(
            sample, of: capture, evidence: evidence, reference: profile, codec: .failure(MissingCodec("none"))
        ).run()
        #expect(validation.pathway == .codecOnly)
        return Dictionary(uniqueKeysWithValues: validation.checks.map { ($0.check, $0) })
    }

    private func changing(_ name: String, _ change: @escaping (inout [Int64]) -> Void) -> (inout [NamedField])
        -> Void
    {
        { fields in
            guard let index = fields.firstIndex(where: { $0.name == "batch/\(name)" }),
                case .tensor(.int64(let array)) = fields[index].value
            else { return }
            var scalars = array.scalars
            change(&scalars)
            fields[index] = NamedField(
                "batch/\(name)", .tensor(.int64(NDArray(rows: 1, columns: scalars.count) { scalars[$1] })))
        }
    }

    @Test("as many columns of audio as places in the prompt reach the model")
    func sound() throws {
        let checks = try checks()
        #expect(checks[.referenceAudio]?.status == .passed)
        #expect(checks[.referenceAudio]?.value == .array([.string("8 columns for 8 placeholders")]))
        #expect(checks[.placeholders]?.status == .passed && checks[.assistantHeader]?.status == .passed)
        #expect(checks[.whisperProcessor]?.status == .passed)
    }

    @Test("a place too few, and a batch without its audio, are found")
    func broken() throws {
        let fewer = try checks(changing("input_ids") { $0.remove(at: 1) })
        #expect(fewer[.referenceAudio]?.status == .failed)
        let none = try checks { $0.removeAll { $0.name.hasPrefix("batch/audio") } }
        #expect(none[.referenceAudio]?.status == .failed)
        let short = try checks { fields in
            changing("input_ids") { $0.removeAll { $0 == 12 || $0 == 14 || $0 == 128_014 } }(&fields)
            fields.removeAll { $0.name.hasPrefix("batch/audio") }
        }
        #expect(short[.referenceAudio]?.why.contains("8 columns, of which 0 reach the model") == true)
    }
}
