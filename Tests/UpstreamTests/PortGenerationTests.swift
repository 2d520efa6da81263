import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Generation against the port's sampling loop")
struct PortGenerationTests {
    private struct Answer: Decodable, Equatable, Sendable {
        let scores: PackedTensor
        let stream: PackedTensor
        let textIds: PackedTensor
        let noise: [StepNoise]

        /// The last text id is the one that ends the generation.
        var hasEnded: Bool { (try? textIds.array(Int64.self).scalars.last) == 128_009 }
    }

    @Test("scores, forced cells, the end, and the draws behind torch's own random numbers are the port's")
    func steps() async throws {
        let trial = Trial("port generation")
        let cases = trial.cases(2000, PortGenerationCase.init)
        let answers = try await Oracle.port.ask("port_generation", cases, for: Answer.self)
        #expect(answers.count == cases.count)
        var judged = 0
        var differences: [String] = []
        for (each, answer) in zip(cases, answers) {
            // torch refuses to draw where BOS and EOS are masked at once, or scores are no numbers.
            guard case .value(let port) = answer else { continue }
            judged += 1
            let fields = try Self.differingFields(each, port)
            if !fields.isEmpty {
                differences.append("\(fields.joined(separator: ", ")): \(each.tail) \(each.profile)")
            }
        }
        #expect(judged >= cases.count * 8 / 10)
        trial.expectNone(differences)
    }

    private static func differingFields(_ each: PortGenerationCase, _ port: Answer) throws -> [String] {
        let stream = try port.stream.array(Int64.self)
        let scores = try port.scores.array(Float.self)
        let steps = stream.columns - 1
        var fields: [String] = []
        let facts = GenerationFacts(
            logits: each.stepLogits.steps(1..<steps + 1), referenceColumns: each.reference,
            segments: [stream],
            promptTail: each.promptEnd)
        let own = GenerationStage.run(facts, under: each.profile)
        if own.segments != [stream] { fields.append("segments") }
        if own.numDelay != nil || own.numRemainingDelays != nil { fields.append("counters") }
        let later = scores.steps(1..<steps + 1)
        if !ScoreAgreement.areSame(own.scores, later) {
            fields.append("scores")
        }
        if ends(each, stream) != port.hasEnded { fields.append("end") }
        let loop = try each.loop.run(
            prompt: each.tail,
            draws: GenerationLoop.Draws(text: [], audio: (0..<stream.columns).map(stream.column)))
        if loop.segments != [stream] { fields.append("loop's stream") }
        if try loop.textIDs != port.textIds.array(Int64.self).scalars { fields.append("text ids") }
        if loop.stops.contains(.eos) != port.hasEnded || loop.stops.isEmpty { fields.append("stop") }
        // The step that draws the first column has random numbers of its own, which nothing depends on.
        let replayed = GenerationStage.replay(
            facts, under: each.profile, noise: try StepNoise.noise(Array(port.noise.dropFirst())))
        let swapped = ScoreAgreement.tieSwaps(own.scores, later)
        if ScoreAgreement.differs(replayed, [stream], except: swapped) { fields.append("replay") }
        return fields
    }

    /// Whether the state machine says that the stream's last column ends it, and no earlier one.
    private static func ends(_ each: PortGenerationCase, _ stream: NDArray<Int64>) -> Bool {
        var machine = DelayStateMachine(
            each.profile, promptTail: each.promptEnd, first: stream.column(0))
        for index in 1..<max(stream.columns, 1) {
            _ = machine.replay(index, of: stream)
            if machine.hasEnded && index < stream.columns - 1 { return false }
        }
        return machine.hasEnded
    }
}
