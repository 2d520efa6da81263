internal import AlignmentArchive
internal import AlignmentComparison
internal import AlignmentTensors

// What a difference means where the archives hold more to judge it by.
extension ArchiveComparer {
    func refine(
        _ pair: inout ArchiveComparison.PairComparison, _ object: StoredObject, root: String,
        earlier: [ArchiveComparison.PairComparison]
    ) throws(ArchiveError) {
        // Of another shape or type there is nothing to excuse.
        guard pair.comparison.figures != nil, let dtype = pair.dtype.flatMap(DType.init) else { return }
        if object.path.hasSuffix("/delayed"), object.part != "golden", dtype == .int64 {
            pair.flips = try flips(of: object, root: root)
            let logits = earlier.first { $0.tensor == "generation/input/audio_logits" }
            // Logits that nobody compared excuse nothing.
            let agree = logits.map { $0.status != .differs } ?? false
            if pair.flips?.areNearTies == true, agree { pair.status = .withinTolerance }
        }
        if object.part == "captured", dtype.isFloat, let floor = try noiseFloor(of: object, root: root) {
            pair.noiseFloor = floor
            if floor.passes { pair.status = .withinTolerance }
        }
    }

    /// The streams of the generation, and of the tokens, whose input is the same.
    private func flips(of object: StoredObject, root: String) throws(ArchiveError) -> TokenFlips? {
        let names = object.path.split(separator: "/")
        guard let segments = names.firstIndex(of: "segments"), names.count == segments + 3,
            let segment = UInt16(names[segments + 1])
        else { return nil }
        let path = "\(root)/\(object.path)"
        guard let shape = try right.attributes(at: path).shape, shape.rank == 2, shape[1] > 0,
            shape.elementCount <= Self.mostTokens
        else { return nil }
        let sides = (try left.int64(at: path, rank: 2), try right.int64(at: path, rank: 2))
        guard sides.0.shape == sides.1.shape else { return nil }
        var firstStep = 0
        for earlier in 0..<segment {
            let path = "\(root)/generation/captured/segments/\(earlier)/delayed"
            guard let other = try right.contains(path) ? try right.attributes(at: path).shape : nil,
                other.rank == 2, other[0] == shape[0], other[1] > 0, other.elementCount <= Self.mostTokens
            else { return nil }
            firstStep += other[1] - 1
        }
        let logits = "\(root)/generation/input/audio_logits"
        func rows(_ reader: ArchiveReader) throws(ArchiveError) -> LogitRows? {
            guard try reader.contains(logits) else { return nil }
            return LogitRows(
                try reader.stream(at: logits), firstStep: firstStep, stepCount: sides.1.columns - 1)
        }
        let (own, other) = (try rows(left), try rows(right))
        let both = own.flatMap { own in other.map { (left: own, right: $0) } }
        return try TokenFlips(sides.0, sides.1, logits: both)
    }

    /// More than hours of sound; a longer stream is compared, but its flips are not looked at one by one.
    private static let mostTokens = 1 << 20

    /// The reference's own distance between its precisions, where the left archive declares bfloat16.
    private func noiseFloor(of object: StoredObject, root: String) throws(ArchiveError) -> NoiseFloor? {
        let rest = object.path.split(separator: "/").dropFirst(2).joined(separator: "/")
        let golden = (
            "\(root)/\(object.stage)/golden/\(rest)", "\(root)/\(object.stage)/golden_bf16/\(rest)"
        )
        guard try right.contains(golden.0), try right.contains(golden.1), try declaresBFloat16(object.stage),
            let candidate = try left.stream(at: "\(root)/\(object.path)"),
            let exact = try right.stream(at: golden.0), let rough = try right.stream(at: golden.1),
            // The golden is read twice, each time from its beginning.
            let again = try right.stream(at: golden.0)
        else { return nil }
        let axes = exact.attributes.labels.axes ?? []
        let tolerance = Tolerance.standard(for: exact.dtype)
        return NoiseFloor(
            candidate: try Self.compare(candidate, exact, tolerance, axes: axes),
            floor: try Self.compare(rough, again, tolerance, axes: axes))
    }

    private func declaresBFloat16(_ stage: String) throws(ArchiveError) -> Bool {
        let provenance = try left.jsonIfPresent(at: "/provenance.json")
        // A port may have one precision for all.
        let declared = provenance?[stage == "decode" ? "codec" : "model"]?["dtype"] ?? provenance?["dtype"]
        return declared?.string == "bfloat16"
    }
}
