import AlignmentKit

/// A prompt, what each step of a generation draws, and when it is to stop.
struct LoopCase: Encodable {
    let prompt: PackedTensor
    let text: PackedTensor
    let audio: PackedTensor
    let stream: PackedTensor
    let texts: [String]
    let stopStrings: [String]
    let eosIds: [Int64]
    let vocabularySize: Int?
    let maxNewTokens: Int
    let audioNumCodebooks: Int
    let useDelayPattern: Bool
    let bos: Int
    let eos: Int

    private enum CodingKeys: CodingKey {
        case prompt, text, audio, stream, texts, stopStrings, eosIds, vocabularySize, maxNewTokens
        case audioNumCodebooks, useDelayPattern, bos, eos
    }

    /// The same for the loop.
    let loop: GenerationLoop
    let promptIDs: [Int64]
    let promptStream: NDArray<Int64>
    let draws: GenerationLoop.Draws

    private static let special: [Int64: String] = [
        40: "<|audio_out_bos|>", 41: "<|AUDIO_OUT|>", 42: "<|audio_eos|>", 43: "<|eot_id|>",
        44: "<|end_of_text|>",
    ]

    init(_ dice: inout Dice) {
        let codebooks = dice.pick([8, 8, dice.roll(1...10)])
        let ids = 12
        var model = ModelConfiguration()
        (model.audioOutBOSTokenID, model.audioOutTokenID, model.audioEOSTokenID) = (40, 41, 42)
        model.audioNumCodebooks = codebooks
        (model.audioStreamBOS, model.audioStreamEOS) = (ids - 2, ids - 1)
        model.useDelayPattern = dice.chance(0.9)
        var profile = ProfileDescription.serveEngine.resolved(for: model).generation

        // Short texts of few letters, so that stop strings are met in all ways; some tokens are empty.
        let letters = dice.pick([["a", "b"], ["a", "b", "\u{e9}", "<"]])
        func word(_ length: ClosedRange<Int>, _ dice: inout Dice) -> String {
            dice.list(dice.roll(length)) { $0.pick(letters) }.joined()
        }
        texts = (0..<48).map { Self.special[$0] ?? word(0...4, &dice) }
        stopStrings = dice.pick([
            ["<|end_of_text|>", "<|eot_id|>"], ["<|end_of_text|>", "<|eot_id|>", "<|audio_eos|>"], [],
            dice.list(dice.roll(1...3)) { word(1...6, &$0) },
        ])
        profile.stopStrings = stopStrings
        profile.maxNewTokens = dice.roll(1...60)
        maxNewTokens = profile.maxNewTokens ?? 0
        eosIds = dice.pick([[], [], [43], [3, 44]])
        vocabularySize = dice.pick([nil, 48, 48, 45])

        let ends = dice.pick([0.02, 0.2, 0.5])
        func textID(_ dice: inout Dice) -> Int64 {
            dice.chance(ends) ? dice.pick([40, 40, 40, 43, 44, 41]) : Int64(dice.roll(0...39))
        }
        var prompt = dice.list(dice.roll(1...8), textID)
        if dice.chance(0.5) { prompt[prompt.count - 1] = dice.pick([40, 40, 41]) }
        promptIDs = prompt
        let text = dice.list(60) { $0.chance(0.01) ? 46 : textID(&$0) }
        let endings = dice.pick([0, 0.02, 0.2])
        func column(_ dice: inout Dice) -> [Int64] {
            dice.list(codebooks) { Int64($0.chance(endings) ? ids - 1 : $0.roll(0...ids - 2)) }
        }
        let columns = dice.list(60, column)
        draws = GenerationLoop.Draws(text: text, audio: columns)
        let last = dice.list(dice.roll(1...6), column)
        promptStream = NDArray(rows: codebooks, columns: last.count) { last[$1][$0] }
        loop = GenerationLoop(
            profile, model: model,
            texts: Dictionary(uniqueKeysWithValues: texts.enumerated().map { (Int64($0), $1) }),
            eosIDs: eosIds, vocabularySize: vocabularySize)

        self.prompt = PackedTensor(prompt)
        self.text = PackedTensor(text)
        audio = PackedTensor(NDArray(rows: codebooks, columns: columns.count) { columns[$1][$0] })
        stream = PackedTensor(promptStream)
        audioNumCodebooks = codebooks
        useDelayPattern = model.useDelayPattern
        (bos, eos) = (ids - 2, ids - 1)
    }
}
