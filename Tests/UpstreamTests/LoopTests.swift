import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Generation's loop against upstream's")
struct LoopTests {
    private struct Answer: Decodable, Equatable, Sendable {
        let textIds: PackedTensor
        let segments: [PackedTensor]
        let steps: Int
        let stops: Set<String>

        init(_ output: GenerationLoop.Output) {
            textIds = PackedTensor(output.textIDs)
            segments = output.segments.map(PackedTensor.init)
            steps = output.steps
            stops = Set(output.stops.map(\.rawValue))
        }
    }

    @Test("text and audio by turns, segments, steps and every reason to stop are upstream's")
    func loop() async throws {
        let trial = Trial("loop")
        let cases = trial.cases(2000, LoopCase.init)
        let answers = try await Oracle.shared.ask("loop", cases, for: Answer.self)
        trial.compare(cases, with: answers) { each in
            Outcome { () throws(UpstreamError) in
                Answer(
                    try each.loop.run(
                        prompt: each.promptIDs, continuing: each.promptStream, draws: each.draws))
            }
        }
    }
}
