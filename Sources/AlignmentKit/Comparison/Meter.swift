internal import AlignmentTensors
internal import Dispatch
internal import Foundation
internal import Synchronization

/// Measures all pairs of two tensors.
///
/// One pass gives every sum. The absolute tolerance scales with the reference's RMS, which is known only at its
/// end; so the blocks that can hold a pair over the tolerance, and those with the first and the worst pair, are
/// looked at once more. Where all pairs agree within the tolerance that is two blocks at most.
///
/// Blocks are merged in their order: the figures are the same bits for any number of threads.
struct Meter<Element: Measurable> {
    let partition: Partition
    let tolerance: Tolerance
    let threads: Int
    let source: any PairSource

    private var sums = RunSums()
    private var slices: [SliceMeter]
    private var columns: SliceMeter?
    /// The largest excess of each block, in order.
    private var excesses: [Double] = []
    private var firstDifferent: Int?
    private var worst: Int?

    init(_ source: any PairSource, shape: Shape, partition: Partition, tolerance: Tolerance, threads: Int) {
        (self.source, self.partition, self.tolerance, self.threads) = (source, partition, tolerance, threads)
        slices = partition.axes.map { SliceMeter($0, elementCount: shape.elementCount) }
        columns = partition.columns.map { SliceMeter($0, elementCount: shape.elementCount) }
    }

    /// The figures of all pairs; nil if the source gave up.
    mutating func figures(shape: Shape) -> ComparisonFigures? {
        for start in stride(from: 0, to: partition.blockCount, by: source.blocksAtOnce) {
            let blocks = start..<min(start + source.blocksAtOnce, partition.blockCount)
            guard let surveys = measure(Array(blocks), { $0.survey() }) else { return nil }
            for survey in surveys { add(survey) }
        }
        var figures = ComparisonFigures(sums, count: shape.elementCount, isFloat: Element.kernel != nil)
        guard sums.different > 0 else { return figures }

        let rms =
            sums.referenceCount == 0 ? 0 : (sums.referenceEnergy / Double(sums.referenceCount)).squareRoot()
        // Finite, so that an error that no tolerance can allow, which is infinite, stays over it.
        let scaled = tolerance.absolute == 0 ? 0 : tolerance.absolute * rms
        let allowed = min(scaled + tolerance.step, .greatestFiniteMagnitude)
        let suspects = excesses.indices.filter {
            !(excesses[$0] <= allowed) || $0 == self.firstDifferent || $0 == self.worst
        }
        var firstOver: BlockFindings<Element>.Place?
        var firstDifferent: BlockFindings<Element>.Place?
        var worst: BlockFindings<Element>.Place?
        let largest = sums.maxAbs
        // Suspects that are neighbours are read together.
        for blocks in groups(suspects) {
            guard let looks = measure(blocks, { $0.inspect(allowed: allowed, worst: largest) }) else {
                return nil
            }
            for findings in looks {
                figures.overTolerance += findings.runsOver.reduce(0, +)
                firstOver = firstOver ?? findings.firstOver
                firstDifferent = firstDifferent ?? findings.firstDifferent
                worst = worst ?? findings.worst
                add(findings)
            }
        }
        figures.first = (firstOver ?? firstDifferent).map { ComparisonFigures.Place($0, in: shape) }
        figures.worst = worst.map { ComparisonFigures.Place($0, in: shape) }
        figures.shareOverTolerance = Double(figures.overTolerance) / Double(shape.elementCount)
        figures.worstSlices = (slices + [columns].compactMap { $0 }).compactMap(\.worst)
        return figures
    }

    private mutating func add(_ survey: BlockSurvey) {
        if firstDifferent == nil, survey.sums.different > 0 { firstDifferent = survey.block }
        if !sums.maxAbs.isNaN, survey.sums.maxAbs > sums.maxAbs || survey.sums.maxAbs.isNaN {
            worst = survey.block
        }
        sums.merge(survey.sums)
        excesses.append(survey.sums.maxExcess)
        for axis in slices.indices {
            for (slice, energy) in survey.sliceEnergies[axis] {
                slices[axis].add(energy: energy, slice: slice)
            }
        }
        columns?.add(energies: survey.columnEnergies)
    }

    private mutating func add(_ findings: BlockFindings<Element>) {
        for (run, count) in zip(partition.runs(ofBlock: findings.block), findings.runsOver) where count > 0 {
            let offset = partition.elements(ofRun: run).lowerBound
            for axis in slices.indices {
                slices[axis].add(over: count, slice: slices[axis].axis.slice(of: offset))
            }
        }
        for (column, count) in findings.columnsOver.enumerated() { columns?.add(over: count, slice: column) }
    }

    /// What `body` gives for each of some neighbouring blocks, in their order; nil if the source gave up.
    private func measure<Result: Sendable>(
        _ blocks: [Int], _ body: @Sendable (BlockMeter<Element>) -> Result
    ) -> [Result]? {
        let elements = partition.elements(ofBlocks: blocks[0]..<blocks[blocks.count - 1] + 1)
        guard let bytes = source.bytes(of: elements) else { return nil }
        // Each block is read by one thread, and each result written by one.
        nonisolated(unsafe) let (left, right) = bytes
        let (partition, tolerance) = (partition, tolerance)
        return Self.inOrder(blocks, threads: threads) { block in
            body(
                BlockMeter(
                    block, of: partition, tolerance: tolerance, origin: elements.lowerBound, left: left,
                    right: right))
        }
    }

    private static func inOrder<Result: Sendable>(
        _ blocks: [Int], threads: Int, _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        guard threads > 1, blocks.count > 1 else { return blocks.map(body) }
        var results = [Result?](repeating: nil, count: blocks.count)
        results.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let slots = buffer
            let next = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: min(threads, blocks.count)) { _ in
                while true {
                    let index = next.add(1, ordering: .relaxed).oldValue
                    guard index < blocks.count else { return }
                    slots[index] = body(blocks[index])
                }
            }
        }
        return results.compactMap { $0 }
    }

    /// Neighbours in groups of at most as many as the source gives at once.
    private func groups(_ blocks: [Int]) -> [[Int]] {
        var groups: [[Int]] = []
        for block in blocks {
            if let last = groups.last, last.count < source.blocksAtOnce, last[last.count - 1] + 1 == block {
                groups[groups.count - 1].append(block)
            } else {
                groups.append([block])
            }
        }
        return groups
    }
}

extension ComparisonFigures {
    init(_ sums: RunSums, count: Int, isFloat: Bool) {
        self.init()
        self.count = count
        different = sums.different
        maxAbs = sums.maxAbs
        maxRel = sums.maxRel
        maxUlp = isFloat ? Int64(clamping: sums.maxUlp) : nil
        nanPairs = sums.nanPairs
        tieSwaps = sums.tieSwaps
        rmsError = count == 0 ? 0 : (sums.errorEnergy / Double(count)).squareRoot()
        if sums.errorEnergy != 0 {
            snrDb = sums.rightEnergy == 0 ? -.infinity : decibels(sums.rightEnergy / sums.errorEnergy)
        }
        if sums.leftEnergy > 0 && sums.rightEnergy > 0 {
            cosine = sums.product / (sums.leftEnergy.squareRoot() * sums.rightEnergy.squareRoot())
        } else {
            cosine = sums.leftEnergy == sums.rightEnergy ? 1 : 0
        }
    }
}

extension ComparisonFigures.Place {
    init<Element>(_ place: BlockFindings<Element>.Place, in shape: Shape) {
        self.init(
            index: shape.index(ofFlat: place.offset), left: place.pair.left.real, right: place.pair.right.real
        )
    }
}
