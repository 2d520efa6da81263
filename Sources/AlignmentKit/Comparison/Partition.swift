internal import AlignmentTensors

/// How the elements of a tensor are cut for measuring: runs of elements that lie together, blocks of runs that
/// one thread measures, and slices along the axes, whose errors are kept apart.
struct Partition: Sendable {
    /// The axes that every run lies in one slice of.
    let axes: [SliceAxis]
    /// The innermost axis where a run crosses it, element by element.
    let columns: SliceAxis?
    /// Elements of one row, which is the innermost axis.
    private let rowLength: Int
    /// Elements of one run; the last of a row may be shorter.
    private let runLength: Int
    private let runsPerRow: Int
    private let runCount: Int
    private let runsPerBlock: Int

    /// About what one block holds: 256 KiB of float32, which stays in a core's cache.
    static let blockElements = 1 << 16
    /// The most slices of one axis; on a longer axis a slice is several neighbours.
    static let sliceLimit = 1 << 16

    /// - Parameters:
    ///   - names: one for each axis; an empty one asks for no slices. None at all stands for `axis 0`, `axis 1`, …
    ///   - frameLength: samples in a frame, for an axis named `sample`, which is cut into frames.
    init(_ shape: Shape, axes names: [String], frameLength: Int) {
        let names = names.count == shape.rank ? names : (0..<shape.rank).map { "axis \($0)" }
        var inner = shape.elementCount
        var cuts: [SliceAxis] = []
        for (axis, name) in names.enumerated() where shape.elementCount > 0 {
            inner /= shape[axis]
            cuts.append(SliceAxis(name, extent: shape[axis], stride: inner, frameLength: frameLength))
        }
        rowLength = shape.rank == 0 ? 1 : shape[shape.rank - 1]
        var columns: SliceAxis?
        if let last = cuts.last, last.length == 1 {
            cuts.removeLast()
            // The slices of a vector would be its elements, which the worst place names already.
            if shape.rank > 1, !last.name.isEmpty { columns = last }
        }
        let cut = columns == nil ? cuts.last.flatMap { $0.stride == 1 ? $0.length : nil } : nil
        runLength = max(1, cut ?? min(rowLength, Self.sliceLimit))
        runsPerRow = (rowLength + runLength - 1) / runLength
        runCount = shape.elementCount == 0 ? 0 : shape.elementCount / rowLength * runsPerRow
        runsPerBlock = max(1, Self.blockElements / runLength)
        self.columns = columns
        axes = cuts.filter { !$0.name.isEmpty }
    }

    /// How many blocks there are.
    var blockCount: Int { (runCount + runsPerBlock - 1) / runsPerBlock }

    /// The runs of a block.
    func runs(ofBlock block: Int) -> Range<Int> {
        block * runsPerBlock..<min(runCount, (block + 1) * runsPerBlock)
    }

    /// The elements of a run, by their flat offsets.
    func elements(ofRun run: Int) -> Range<Int> {
        let start = run % runsPerRow * runLength
        let row = run / runsPerRow * rowLength
        return row + start..<row + min(rowLength, start + runLength)
    }

    /// The elements of neighbouring blocks, by their flat offsets.
    func elements(ofBlocks blocks: Range<Int>) -> Range<Int> {
        let first = elements(ofRun: runs(ofBlock: blocks.lowerBound).lowerBound).lowerBound
        let last = elements(ofRun: runs(ofBlock: blocks.upperBound - 1).upperBound - 1).upperBound
        return first..<last
    }
}

/// One axis and how it is cut into slices.
struct SliceAxis: Sendable {
    let name: String
    let extent: Int
    /// Elements between neighbours along the axis.
    let stride: Int
    /// Neighbours in one slice.
    let length: Int
    /// What the index of a slice counts, in neighbours: 1, or a frame's samples.
    let unit: Int

    init(_ name: String, extent: Int, stride: Int, frameLength: Int) {
        let isSound = name == "sample"
        (self.name, self.extent, self.stride) = (isSound ? "frame" : name, extent, stride)
        unit = isSound ? frameLength : 1
        let units = (extent + unit - 1) / unit
        length = unit * max(1, (units + Partition.sliceLimit - 1) / Partition.sliceLimit)
    }

    var sliceCount: Int { (extent + length - 1) / length }

    /// The slice that an element lies in.
    func slice(of offset: Int) -> Int { offset / stride % extent / length }

    /// Neighbours in a slice; the last may have fewer.
    func neighbours(in slice: Int) -> Int { min(length, extent - slice * length) }
}
