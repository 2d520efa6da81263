internal import AlignmentTensors
internal import CKernels

/// Measures the pairs of one block.
struct BlockMeter<Element: Measurable> {
    let partition: Partition
    let tolerance: Tolerance
    let block: Int
    let left: UnsafeBufferPointer<Element>
    let right: UnsafeBufferPointer<Element>

    /// A block of a stretch of bytes that begins at the element `origin`.
    init(
        _ block: Int, of partition: Partition, tolerance: Tolerance, origin: Int,
        left: UnsafeRawBufferPointer, right: UnsafeRawBufferPointer
    ) {
        let elements = partition.elements(ofBlocks: block..<block + 1)
        let range = elements.lowerBound - origin..<elements.upperBound - origin
        (self.partition, self.tolerance, self.block) = (partition, tolerance, block)
        self.left = UnsafeBufferPointer(rebasing: left.assumingMemoryBound(to: Element.self)[range])
        self.right = UnsafeBufferPointer(rebasing: right.assumingMemoryBound(to: Element.self)[range])
    }

    /// The sums of the block and the error energies of its slices.
    func survey() -> BlockSurvey { survey(isFinite: true) ?? survey(isFinite: false) ?? unreachable() }

    /// The same, or nil if `isFinite` was said of a block that is not.
    private func survey(isFinite: Bool) -> BlockSurvey? {
        var survey = empty
        for run in runs {
            let range = local(run)
            if let kernel = Element.kernel {
                var sums = measure_sums()
                if !isFinite { call(kernel, range, columns: nil, &sums) }
                if isFinite || isPlain(sums) {
                    sums.max_rel = survey.sums.maxRel
                    survey.columnEnergies.withUnsafeMutableBufferPointer {
                        call(kernel, range, columns: $0.isEmpty ? nil : $0.baseAddress, &sums)
                    }
                    guard isPlain(sums) else { return nil }
                    add(RunSums(sums, count: range.count), run, to: &survey)
                    continue
                }
            }
            var sums = RunSums()
            sums.tieSwaps = forEachPair(in: range) { column, pair in
                sums.add(pair, relative: tolerance.relative)
                if !survey.columnEnergies.isEmpty {
                    survey.columnEnergies[column] += pair.error * pair.error
                }
            }
            add(sums, run, to: &survey)
        }
        return survey
    }

    /// Looks at every pair of the block once more, now that the absolute tolerance is known.
    ///
    /// - Parameter worst: the largest error of all blocks.
    func inspect(allowed: Double, worst: Double) -> BlockFindings<Element> {
        var findings = BlockFindings<Element>(block: block, columnCount: partition.columns?.extent ?? 0)
        for run in runs {
            let range = local(run)
            var over = 0
            _ = forEachPair(in: range) { column, pair in
                guard pair.error != 0 else { return }
                let offset = origin + range.lowerBound + column
                if findings.firstDifferent == nil { findings.firstDifferent = (offset, pair) }
                if findings.worst == nil, pair.error == worst || (pair.error.isNaN && worst.isNaN) {
                    findings.worst = (offset, pair)
                }
                guard !(pair.excess(relative: tolerance.relative) <= allowed) else { return }
                if findings.firstOver == nil { findings.firstOver = (offset, pair) }
                over += 1
                if !findings.columnsOver.isEmpty { findings.columnsOver[column] += 1 }
            }
            findings.runsOver.append(over)
        }
        return findings
    }

    private func unreachable() -> BlockSurvey { preconditionFailure("a block is finite or it is not") }

    /// Whether a kernel's sums hold: all is finite, and nothing is so large that it may stand for a mask.
    private func isPlain(_ sums: measure_sums) -> Bool {
        sums.is_finite != 0 && sums.right_energy < Element.maskMagnitude * Element.maskMagnitude
    }

    private var empty: BlockSurvey {
        BlockSurvey(
            block: block, axisCount: partition.axes.count, columnCount: partition.columns?.extent ?? 0)
    }

    private func add(_ sums: RunSums, _ run: Int, to survey: inout BlockSurvey) {
        survey.add(sums, at: partition.elements(ofRun: run).lowerBound, axes: partition.axes)
    }

    private var runs: Range<Int> { partition.runs(ofBlock: block) }
    private var origin: Int { partition.elements(ofRun: runs.lowerBound).lowerBound }

    /// Where a run lies within the block.
    private func local(_ run: Int) -> Range<Int> {
        let elements = partition.elements(ofRun: run)
        return elements.lowerBound - origin..<elements.upperBound - origin
    }

    private func call(
        _ kernel: MeasureKernel, _ range: Range<Int>, columns: UnsafeMutablePointer<Double>?,
        _ sums: inout measure_sums
    ) {
        kernel(
            UnsafeRawPointer(left.baseAddress?.advanced(by: range.lowerBound)),
            UnsafeRawPointer(right.baseAddress?.advanced(by: range.lowerBound)), range.count,
            tolerance.relative, columns, &sums)
    }

    /// Visits the pairs of a run by their place in it; gives the cells in which ties were settled.
    private func forEachPair(in range: Range<Int>, _ body: (_ column: Int, Pair<Element>) -> Void) -> Int {
        let (left, right) = (self.left[range], self.right[range])
        if tolerance.settlesTies, let ties = TieSwaps.settled(left, as: right) {
            for (column, (a, b)) in zip(ties.settled, right).enumerated() {
                body(column, Pair(a, b, acceptsNaNPairs: tolerance.acceptsNaNPairs))
            }
            return ties.moved
        }
        for (column, (a, b)) in zip(left, right).enumerated() {
            body(column, Pair(a, b, acceptsNaNPairs: tolerance.acceptsNaNPairs))
        }
        return 0
    }
}
