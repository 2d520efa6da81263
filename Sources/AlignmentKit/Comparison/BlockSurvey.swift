/// What the pass over all pairs found in one block.
struct BlockSurvey: Sendable {
    let block: Int
    var sums = RunSums()
    /// For each axis the slices that the block's runs lie in and their error energies, neighbouring runs of one
    /// slice together.
    private(set) var sliceEnergies: [[(slice: Int, energy: Double)]]
    /// The error energy at each place of a run, over all runs; empty if it is not asked for.
    var columnEnergies: [Double]

    init(block: Int, axisCount: Int, columnCount: Int) {
        self.block = block
        sliceEnergies = Array(repeating: [], count: axisCount)
        columnEnergies = Array(repeating: 0, count: columnCount)
    }

    /// Adds a run that begins at an offset.
    mutating func add(_ run: RunSums, at offset: Int, axes: [SliceAxis]) {
        sums.merge(run)
        for (index, axis) in axes.enumerated() {
            let slice = axis.slice(of: offset)
            if let last = sliceEnergies[index].last, last.slice == slice {
                sliceEnergies[index][sliceEnergies[index].count - 1].energy += run.errorEnergy
            } else {
                sliceEnergies[index].append((slice, run.errorEnergy))
            }
        }
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
