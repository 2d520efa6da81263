import AlignmentKit
import Testing

@testable import AlignmentStages

/// 1 ... 9 is text, 10 is `<|eot_id|>`, 20 and 21 are the assistant's header, 30 is `<|audio_out_bos|>`.
@Suite("The assistant's header")
struct GenerationPromptTests {
    private let model: ModelConfiguration = {
        var model = ModelConfiguration(
            model: nil,
            tokens: .object([
                "assistant_header": .array([.integer(20), .integer(21)]), "eot_token_id": .integer(10),
                "audio_out_bos_token_id": .integer(30),
            ]), codec: nil)
        return model
    }()
    private let reference = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).collator

    @Test(
        "it is added after an ended turn, and to no other prompt",
        arguments: [
            ([1, 10], [1, 10, 20, 21]),
            ([1, 10, 20, 21, 2, 10, 3, 10], [1, 10, 20, 21, 2, 10, 3, 10, 20, 21]),
            ([1, 10, 30], [1, 10, 20, 21, 30]), ([1, 10, 20], [1, 10, 20, 20, 21]),
            ([20, 21, 10], [20, 21, 10, 20, 21]), ([1, 10, 2, 3], [1, 10, 2, 3, 20, 21]),
            ([1, 10, 20, 21], nil), ([1, 10, 20, 21, 30], nil), ([1, 10, 20, 21, 5, 6], nil),
            ([1, 10, 4, 20, 21, 5], nil), ([1, 2, 3], nil), ([], nil), ([30], nil), ([20, 21], nil),
        ] as [([Int64], [Int64]?)])
    func completed(prompt: [Int64], expected: [Int64]?) throws {
        var profile = reference
        let item = CollatorItem(promptIDs: prompt, segments: [], built: .init(inputIDs: prompt))
        #expect(try item.sample(under: profile, model: model).inputIDs == expected ?? prompt)
        var observed = profile
        item.observedKnobs(&observed, reference: profile, model: model)
        #expect(observed.generationPrompt == (expected == nil ? .appended : .asPrompted))
        #expect(try item.sample(under: observed, model: model).inputIDs == prompt)
        profile.generationPrompt = .asPrompted
        #expect(try item.sample(under: profile, model: model).inputIDs == prompt)
    }

    @Test("a configuration that does not know the header adds none")
    func unknown() throws {
        let item = CollatorItem(promptIDs: [1, 10], segments: [], built: .init(inputIDs: [1, 10]))
        var model = model
        for tokens in [JSONValue.object([:]), .object(["assistant_header": .null])] {
            model.assistantHeader =
                ModelConfiguration(model: nil, tokens: tokens, codec: nil).assistantHeader
            #expect(try item.sample(under: reference, model: model).inputIDs == [1, 10])
            var observed = reference
            item.observedKnobs(&observed, reference: reference, model: model)
            #expect(observed.generationPrompt == .appended)
        }
    }

    @Test("labels of a completed prompt are as long as it, and the header is not trained on")
    func labels() throws {
        var built = ChatMLSample(inputIDs: [1, 10])
        built.labelIDs = [1, 10]
        let item = CollatorItem(promptIDs: [1, 10], segments: [], built: built)
        #expect(try item.sample(under: reference, model: model).labelIDs == [1, 10, -100, -100])
    }

}
