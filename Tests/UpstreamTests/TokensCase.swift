import AlignmentKit

/// Delayed streams and what a pipeline does to them.
struct TokensCase: Encodable {
    let segments: [PackedTensor]
    let revert: Int
    let revertChunk: Int?
    let revertOverlap: Int
    let clipMax: Int?
    let strip: String
    let stripGuard: Int?
    let joinSegments: Bool
    let order: [String]
    let codebooks: [Int]?
    let outOfRange: String
    let rampColumns: [Int]
    let layout: String

    private enum CodingKeys: CodingKey {
        case segments, revert, revertChunk, revertOverlap, clipMax, strip, stripGuard, joinSegments, order,
            codebooks, outOfRange, rampColumns, layout
    }

    /// The same streams for the Swift stage.
    let streams: [NDArray<Int64>]
    /// The same steps as knobs of a profile.
    let profile: TokensProfile

    init(_ dice: inout Dice) {
        let rows = dice.roll(1...12)
        streams = dice.list(dice.pick([1, 1, 1, 2, 3])) { dice in
            // Short streams matter most: below the number of codebooks Python's slice ends turn negative.
            let columns = dice.chance(0.5) ? dice.roll(0...rows + 3) : dice.roll(0...120)
            let isOdd = dice.chance(0.03)
            return Self.stream(rows: isOdd ? dice.roll(1...12) : rows, columns: columns, &dice)
        }
        var profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).tokens
        profile.revert = dice.pick([0, 1, 1, 1, 1, 2])
        profile.revertChunk = dice.chance(0.7) ? nil : dice.roll(1...40)
        profile.revertOverlap = dice.pick([0, rows - 1, rows - 1, dice.roll(0...20)])
        profile.clipMax = dice.pick([
            nil, 1023, 1023, 1025, 895, 0, -1, dice.roll(-2000...2000), .max, .min,
        ])
        profile.strip = dice.pick([.both, .both, .first, .last, .none])
        profile.stripGuard = dice.pick([nil, nil, 0, 1, 2, dice.roll(0...20)])
        profile.joinSegments = dice.chance(0.5)
        if dice.chance(0.5) { profile.order.shuffle(using: &dice) }
        profile.codebooks =
            dice.chance(0.7) ? nil : dice.list(dice.roll(0...rows + 1)) { $0.roll(-rows...rows) }
        profile.outOfRange = dice.pick([.clip, .clip, .wrap, .zero])
        if dice.chance(0.3) { profile.rampColumns = EndCuts(dice.roll(0...rows), dice.roll(0...rows)) }
        profile.layout = dice.pick([.codebooksFirst, .codebooksFirst, .transposed, .reshaped])
        self.profile = profile
        segments = streams.map(PackedTensor.init)
        revert = profile.revert
        revertChunk = profile.revertChunk
        revertOverlap = profile.revertOverlap
        clipMax = profile.clipMax
        strip = profile.strip.rawValue
        stripGuard = profile.stripGuard
        joinSegments = profile.joinSegments
        order = profile.order.map(\.rawValue)
        codebooks = profile.codebooks
        outOfRange = profile.outOfRange.rawValue
        rampColumns = [profile.rampColumns.start, profile.rampColumns.end]
        layout = profile.layout.rawValue
    }

    private static func stream(rows: Int, columns: Int, _ dice: inout Dice) -> NDArray<Int64> {
        let wildness = dice.pick([0, 0, 0.1, 1])
        return NDArray(rows: rows, columns: columns) { _, _ in
            dice.chance(wildness)
                ? dice.pick([1024, 1025, -1, dice.roll(-5000...5000), .max, .min]) : dice.roll(0...1025)
        }
    }
}
