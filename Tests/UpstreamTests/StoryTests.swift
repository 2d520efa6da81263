import AlignmentKit
import Testing

/// The story's three alignment tests, on upstream's own code, and what that code says to two of its claims
/// (docs/story.md).
@Suite("The story's alignment tests")
struct StoryTests {
    private struct Question: Encodable {
        var question: String
        var stream: PackedTensor?
        var codebookSize: Int?
        var quantizerDim: Int?
    }

    private static func ask<Answer: Decodable & Equatable & Sendable>(
        _ questions: [Question], for type: Answer.Type
    ) async throws -> [Outcome<Answer>] {
        try await Oracle.shared.ask("story", questions, for: Answer.self)
    }

    private let model = ModelConfiguration()
    private var engine: Profile { ProfileDescription.serveEngine.resolved(for: model) }

    @Test("token processing is the serving engine's line, for any stream")
    func tokenProcessing() async throws {
        let trial = Trial("story tokens")
        let streams = trial.cases(400) { dice in
            NDArray<Int64>(rows: 8, columns: dice.pick([dice.roll(0...12), dice.roll(9...200)])) { _, _ in
                dice.chance(0.02) ? dice.roll(-2...3000) : dice.roll(0...1025)
            }
        }
        let questions = streams.map {
            Question(question: "tokens", stream: PackedTensor($0), codebookSize: model.audioCodebookSize)
        }
        let answers = try await Self.ask(questions, for: PackedTensor.self)
        trial.compare(streams, with: answers) { stream in
            Outcome { () throws(UpstreamError) in
                PackedTensor(try TokensStage.run([stream], under: engine.tokens, model: model)[0])
            }
        }
    }

    private struct Parameters: Decodable, Equatable {
        let temperature: Double?
        let topK: Int?
        let topP: Double?
        let rasWinLen: Int?
        let rasWinMaxNumRepeat: Int
        let seed: Int?
        let stopStrings: [String]
        let maxNewTokensIsRequired: Bool
    }

    @Test("generation parameters are the serving engine's, which has no limit on tokens of its own")
    func generationParameters() async throws {
        let answer = try await Self.ask([Question(question: "generation")], for: Parameters.self).first
        let ours = engine.generation
        #expect(
            answer
                == .value(
                    Parameters(
                        temperature: ours.temperature, topK: ours.topK, topP: ours.topP,
                        rasWinLen: ours.rasWinLen, rasWinMaxNumRepeat: ours.rasMaxRepeat, seed: ours.seed,
                        stopStrings: ours.stopStrings, maxNewTokensIsRequired: ours.maxNewTokens == nil)))
    }

    private struct Flags: Decodable, Equatable {
        let returnAudioInTokens: Bool
        let roundTo: Int
    }

    @Test("the collator is configured as the serving engine's, and the story's differs in one of two flags")
    func collatorConfiguration() async throws {
        let answer = try await Self.ask([Question(question: "collator")], for: Flags.self).first
        let ours = engine.collator
        #expect(
            answer
                == .value(Flags(returnAudioInTokens: ours.returnAudioInTokens, roundTo: ours.roundTo)))
        let story = ProfileDescription.silentOutput.resolved(for: model).collator
        #expect(story.returnAudioInTokens != ours.returnAudioInTokens)
        #expect(story.roundTo == ours.roundTo)
    }

    @Test("the codec's codebook_size is its quantizer_dim")
    func codebookSize() async throws {
        let widths = [896, 1024, 1088]
        let questions = widths.map { Question(question: "codebook_size", quantizerDim: $0) }
        #expect(try await Self.ask(questions, for: Int.self) == widths.map { .value($0) })
        for width in widths {
            var model = model
            model.codecCodebookSizeProperty = width
            let script = ProfileDescription.silentOutput.resolved(for: model).tokens
            #expect(script.clipMax == width - 1)
            #expect(ProfileDescription.serveEngine.resolved(for: model).tokens.clipMax == 1023)
        }
    }

    @Test("Whisper's features change nothing in a model without an audio tower")
    func whisperIsDead() async throws {
        let answer = try await Self.ask([Question(question: "whisper_reaches_logits")], for: Bool.self).first
        #expect(answer == .value(false))
    }
}
