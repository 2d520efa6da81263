import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Collator against the port's processor")
struct PortCollatorTests {
    @Test("every field of the batch is the port's, or what the port raises is raised")
    func collate() async throws {
        let trial = Trial("port collator")
        let cases = trial.cases(2000, PortCollatorCase.init)
        let answers = try await Oracle.port.ask("port_collator", cases, for: [String: PackedTensor].self)
        trial.compare(cases, with: answers) { each in
            Outcome { () throws(UpstreamError) in
                let fields = try CollatorStage.fields(
                    each.facts, under: each.profile, model: ModelConfiguration())
                return Dictionary(
                    uniqueKeysWithValues: fields.compactMap { field in
                        guard case .tensor(let tensor) = field.value else { return nil }
                        return (String(field.name.dropFirst("batch/".count)), PackedTensor(tensor))
                    })
            }
        }
    }
}
