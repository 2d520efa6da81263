public import AlignmentArchive
internal import AlignmentComparison

extension ArchiveComparison {
    /// Compares two archives.
    ///
    /// Samples, stages and tensors are paired by name, and read stretch by stretch, so that memory does not grow
    /// with their size. Every hash is checked unless a reader has that off.
    ///
    /// - Throws: `ArchiveError` where an archive cannot be read.
    public init(
        _ left: ArchiveReader, _ right: ArchiveReader, settings: ComparisonSettings = ComparisonSettings()
    ) throws(ArchiveError) {
        var comparer = ArchiveComparer(left, right, settings)
        self = try comparer.compare()
    }

    mutating func count(_ pair: PairComparison, sample: String?, earlier: [PairComparison]) {
        compared += 1
        if pair.dtype != nil { comparedTensors += 1 }
        switch pair.status {
        case .equal: equal += 1
        case .withinTolerance: withinTolerance += 1
        case .differs:
            differing += 1
            guard first == nil else { return }
            let inputs = earlier.filter {
                $0.stage == pair.stage && $0.tensor.hasPrefix("\(pair.stage)/input/")
            }
            let prefix = (sample.map { "/samples/\($0)" } ?? "") + "/\(pair.stage)/input/"
            let isWhole = !(missing + extra).contains { $0.hasPrefix(prefix) }
            let isInput = pair.tensor.hasPrefix("\(pair.stage)/input/")
            first = FirstDifference(
                sample: sample, stage: pair.stage, tensor: pair.tensor,
                inputAgrees: isInput || inputs.isEmpty
                    ? nil : isWhole && inputs.allSatisfy { $0.status != .differs })
        }
    }

    /// Fills in the status and the sentence.
    mutating func conclude() {
        let isComplete = missing.isEmpty && extra.isEmpty
        status =
            differing > 0 || !isComplete || comparedTensors == 0
            ? .differs : withinTolerance > 0 ? .withinTolerance : .equal
        summary = Self.sentence(self)
    }

    private static func sentence(_ result: ArchiveComparison) -> String {
        guard result.comparedTensors > 0 || result.differing > 0 else {
            return "No tensor that was asked for is in both archives; nothing was compared."
        }
        var parts: [String] = []
        if result.differing > 0 { parts.append("\(result.differing) of \(result.compared) differ") }
        if !result.missing.isEmpty { parts.append("\(result.missing.count) missing") }
        if !result.extra.isEmpty { parts.append("\(result.extra.count) extra") }
        guard !parts.isEmpty else {
            return result.withinTolerance == 0
                ? "All \(result.compared) are equal."
                : "All \(result.compared) agree: \(result.equal) equal, \(result.withinTolerance) within tolerance."
        }
        var sentence = "Differs: " + parts.joined(separator: ", ") + "."
        if let first = result.first {
            sentence += " First in " + (first.sample.map { "sample \($0), " } ?? "") + first.tensor + "."
            switch first.inputAgrees {
            case true?: sentence += " What went into the stage \(first.stage) agrees, what came out does not."
            case false?: sentence += " What went into the stage \(first.stage) differs already."
            case nil: break
            }
        }
        return sentence
    }
}
