import AlignmentKit

/// Streams, their logits and the parameters of one request.
struct GenerationCase: Encodable {
    let audioNumCodebooks: Int
    let bos: Int
    let eos: Int
    let useDelayPattern: Bool
    let doSample: Bool
    let temperature: Double?
    let topK: Int?
    let topP: Double?
    let rasWinLen: Int?
    let rasMaxRepeat: Int
    let torchSeed: Int
    /// The streams' ids are the draws; otherwise torch draws as upstream does.
    let drawsAreGiven: Bool
    let logits: PackedTensor
    let referenceColumns: PackedTensor
    let segments: [PackedTensor]

    private enum CodingKeys: CodingKey {
        case audioNumCodebooks, bos, eos, useDelayPattern, doSample, temperature, topK, topP, rasWinLen
        case rasMaxRepeat, torchSeed, drawsAreGiven, logits, referenceColumns, segments
    }

    /// The logits of every step, [step, codebook, id].
    let stepLogits: NDArray<Float>
    /// The reference's columns.
    let reference: NDArray<Int64>
    /// The draws.
    let streams: [NDArray<Int64>]
    /// The same parameters as knobs of a profile.
    let profile: GenerationProfile

    init(_ dice: inout Dice) {
        drawsAreGiven = dice.chance(0.6)
        let codebooks = dice.pick([8, 8, dice.roll(1...12)])
        let ids = dice.chance(0.05) ? 1026 : dice.roll(4...40)
        var profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).generation
        profile.audioNumCodebooks = dice.chance(0.95) ? codebooks : dice.roll(1...12)
        profile.audioStreamBOS = ids - 2
        profile.audioStreamEOS = ids - 1
        profile.useDelayPattern = dice.chance(0.9)
        profile.doSample = dice.chance(0.85)
        profile.temperature = dice.pick([
            nil, 1, 0.3, 0.7, 0.7, 2, 1e-3, 1e-30, 1e30, Double.random(in: 0.05...3, using: &dice),
        ])
        profile.topK = dice.pick([nil, nil, 0, 1, 2, 50, ids, ids + 1, 2000, dice.roll(1...ids)])
        profile.topP = dice.pick([
            nil, 0, 1, 0.5, 0.75, 0.9, 0.95, 0.95, 1e-9, 0.999_999, Double.random(in: 0...1, using: &dice),
        ])
        profile.rasWinLen = dice.pick([nil, 7, 7, 0, 1, dice.roll(1...20)])
        profile.rasMaxRepeat = dice.pick([2, 2, 1, 3, 0])
        self.profile = profile

        let endings = dice.pick([0, 0.02, 0.2])
        let repeats = dice.pick([2, 4, ids - 3])
        func columns(_ count: ClosedRange<Int>, _ dice: inout Dice) -> NDArray<Int64> {
            NDArray(rows: codebooks, columns: dice.roll(count)) { _, _ in
                Int64(dice.chance(endings) ? ids - 1 : dice.chance(0.02) ? ids - 2 : dice.roll(0...repeats))
            }
        }
        reference = columns(0...12, &dice)
        streams = dice.list(dice.pick([1, 1, 2])) { columns(2...22, &$0) }
        let steps = streams.reduce(0) { $0 + $1.columns - 1 }
        stepLogits = Self.logits(shape: .cube(steps, codebooks, ids), &dice)
        audioNumCodebooks = profile.audioNumCodebooks
        (bos, eos) = (profile.audioStreamBOS, profile.audioStreamEOS)
        useDelayPattern = profile.useDelayPattern
        doSample = profile.doSample
        (temperature, topK, topP) = (profile.temperature, profile.topK, profile.topP)
        (rasWinLen, rasMaxRepeat) = (profile.rasWinLen, profile.rasMaxRepeat)
        torchSeed = dice.roll(0...1 << 30)
        logits = PackedTensor(.float32(stepLogits))
        referenceColumns = PackedTensor(reference)
        segments = streams.map(PackedTensor.init)
    }

    /// Logits as models give them: rounded to bfloat16 or not, peaked or flat, many equal or few.
    private static func logits(shape: Shape, _ dice: inout Dice) -> NDArray<Float> {
        let spread = dice.pick([0.1, 3, 3, 12] as [Float])
        let rounding = dice.pick([0, 1, 2])
        return NDArray<Float>(repeating: 0, shape: shape).map { _ in
            let logit =
                spread * (Float.random(in: -1...1, using: &dice) + Float.random(in: -1...1, using: &dice))
            return rounding == 0 ? logit : rounding == 1 ? BFloat16(logit).float : logit.rounded()
        }
    }
}
