/// What the pass over all pairs found in one block.
struct BlockSurvey: Sendable {
    let block: Int
    var sums = RunSums()
    /// The error energy of each run.
    var runEnergies: [Double] = []
    /// The error energy at each place of a run, over all runs; empty if it is not asked for.
    var columnEnergies: [Double]

    init(block: Int, columnCount: Int) {
        self.block = block
        columnEnergies = Array(repeating: 0, count: columnCount)
    }

    mutating func add(_ run: RunSums) {
        sums.merge(run)
        runEnergies.append(run.errorEnergy)
    }
}

/// What a closer look at one block found, with flat offsets of the whole tensor.
struct BlockFindings<Element: Measurable>: Sendable {
    typealias Place = (offset: Int, pair: Pair<Element>)

    let block: Int
    var firstDifferent: Place?
    var firstOver: Place?
    /// The first pair with the largest error of all blocks.
    var worst: Place?
    /// Pairs over the tolerance in each run.
    var runsOver: [Int] = []
    /// The same for each place of a run, over all runs; empty if it is not asked for.
    var columnsOver: [Int]

    init(block: Int, columnCount: Int) {
        self.block = block
        columnsOver = Array(repeating: 0, count: columnCount)
    }
}
