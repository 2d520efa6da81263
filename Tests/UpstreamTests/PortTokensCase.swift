import AlignmentKit

/// A batch of what the port's `generate` returns: the reference's delayed columns, then the generated ones.
struct PortTokensCase: Encodable {
    let segments: [PackedTensor]

    private enum CodingKeys: CodingKey { case segments }

    /// The same streams for the Swift stage, [codebook, column], of one length.
    let streams: [NDArray<Int64>]

    init(_ dice: inout Dice) {
        let rows = dice.pick([8, 8, dice.roll(1...12)])
        let columns = dice.chance(0.3) ? dice.roll(1...rows + 4) : dice.roll(1...60)
        streams = dice.list(dice.pick([1, 1, 2, 3])) { Self.stream(rows: rows, columns: columns, &$0) }
        segments = streams.map(PackedTensor.init)
    }

    private static func stream(rows: Int, columns: Int, _ dice: inout Dice) -> NDArray<Int64> {
        let bosColumns = dice.list(dice.pick([0, 1, 1, 1, 2])) { $0.roll(0...columns - 1) }
        let eosColumns = dice.list(dice.pick([0, 0, 1, 1, 3])) { $0.roll(0...columns - 1) }
        let specials = dice.pick([0, 0.02, 0.3])
        return NDArray(rows: rows, columns: columns) { _, column in
            if bosColumns.contains(column) { return 1024 }
            if eosColumns.contains(column) { return 1025 }
            return dice.chance(specials) ? dice.pick([1024, 1025]) : dice.roll(0...1023)
        }
    }
}
