import AlignmentKit

/// What the port's sampling loop stands on: logits of every step, parameters, and the prompt's last ids.
struct PortGenerationCase: Encodable {
    let doSample: Bool
    let temperature: Double?
    let topK: Int?
    let topP: Double?
    let rasWinLen: Int?
    let rasMaxRepeat: Int
    let torchSeed: Int
    let logits: PackedTensor
    let referenceColumns: PackedTensor
    let promptTail: PackedTensor

    private enum CodingKeys: CodingKey {
        case doSample, temperature, topK, topP, rasWinLen, rasMaxRepeat, torchSeed, logits, referenceColumns
        case promptTail
    }

    /// The logits of every step, the one that draws the first column of BOS included, [step, codebook, id].
    let stepLogits: NDArray<Float>
    /// The reference's columns.
    let reference: NDArray<Int64>
    /// The prompt's last ids.
    let tail: [Int64]
    /// The same for the stage.
    var promptEnd: PromptTail { PromptTail(ids: tail, audioOutBOS: 128_013, audioDelay: 128_014) }
    /// The same parameters as knobs of a profile.
    let profile: GenerationProfile
    /// The loop that takes as many steps as there are logits.
    var loop: GenerationLoop {
        var limited = profile
        limited.maxNewTokens = stepLogits.shape[0]
        return GenerationLoop(limited, model: ModelConfiguration(), eosIDs: [128_009])
    }

    init(_ dice: inout Dice) {
        let codebooks = dice.pick([8, 8, dice.roll(1...12)])
        let ids = dice.chance(0.03) ? 1026 : dice.roll(4...40)
        var model = ModelConfiguration()
        model.audioNumCodebooks = codebooks
        (model.audioStreamBOS, model.audioStreamEOS) = (ids - 2, ids - 1)
        var profile = ProfileDescription.transformersPort.resolved(for: model).generation
        profile.doSample = dice.chance(0.8)
        profile.temperature = dice.pick([nil, 1, 0.3, 0.7, 2, Double.random(in: 0.05...3, using: &dice)])
        profile.topK = dice.pick([nil, 0, 1, 2, 50, ids, dice.roll(1...ids)])
        profile.topP = dice.pick([nil, 0, 1, 0.5, 0.9, 0.95, Double.random(in: 0...1, using: &dice)])
        profile.rasWinLen = dice.pick([nil, 7, 7, 0, 1, dice.roll(1...20)])
        profile.rasMaxRepeat = dice.pick([2, 2, 1, 3, 0])
        self.profile = profile

        // Where `<|audio_out_bos|>` is not the last id, and where a reference's delay tokens are still in sight,
        // the port's delays begin elsewhere.
        var tail = dice.list(dice.roll(max(codebooks - 2, 1)...codebooks + 3)) { Int64($0.roll(0...99)) }
        if dice.chance(0.9) {
            tail[tail.count - 1 - (dice.chance(0.85) ? 0 : dice.roll(0...tail.count - 1))] = 128_013
        }
        if dice.chance(0.1) { tail[dice.roll(0...tail.count - 1)] = 128_014 }
        self.tail = tail
        let repeats = dice.pick([2, 4, ids - 3])
        reference = NDArray(rows: codebooks, columns: dice.pick([0, dice.roll(1...12)])) { row, column in
            Int64(dice.chance(0.1) ? ids - 1 : dice.roll(0...repeats))
        }
        stepLogits = Self.logits(shape: .cube(dice.roll(2...24), codebooks, ids), &dice)
        doSample = profile.doSample
        (temperature, topK, topP) = (profile.temperature, profile.topK, profile.topP)
        (rasWinLen, rasMaxRepeat) = (profile.rasWinLen, profile.rasMaxRepeat)
        torchSeed = dice.roll(0...1 << 30)
        logits = PackedTensor(.float32(stepLogits))
        referenceColumns = PackedTensor(reference)
        promptTail = PackedTensor(tail)
    }

    /// Logits in which EOS is likely, unlikely or common, rounded or not.
    private static func logits(shape: Shape, _ dice: inout Dice) -> NDArray<Float> {
        let spread = dice.pick([0.1, 3, 3, 12] as [Float])
        let ending = dice.pick([-30, -2, 0, 2] as [Float])
        let isRounded = dice.chance(0.3)
        let ids = shape[2]
        var index = 0
        return NDArray<Float>(repeating: 0, shape: shape).map { _ in
            defer { index += 1 }
            let logit =
                spread * Float.random(in: -2...2, using: &dice) + (index % ids == ids - 1 ? ending : 0)
            return isRounded ? logit.rounded() : logit
        }
    }
}
