public import AlignmentArchive
internal import AlignmentComparison
internal import AlignmentJSON
internal import AlignmentTensors

/// What to compare of two archives, and how closely.
public struct ComparisonSettings: Sendable, Hashable, Codable {
    /// The tolerances.
    public var tolerance = ToleranceProfile.standard
    /// Only tensors that one of these matches, below the sample or as a whole path; empty means all.
    public var only: [PathPattern] = []
    /// Only these stages; empty means all.
    public var stages: [String] = []
    /// Stop at the first difference.
    public var failsFast = false

    /// Everything, by the standard tolerances.
    public init() {}

    func selects(_ object: StoredObject, sample: String?) -> Bool {
        guard stages.isEmpty || stages.contains(object.stage) else { return false }
        let whole = sample.map { "samples/\($0)/\(object.path)" } ?? object.path
        return only.isEmpty || only.contains { $0.matches(object.path) || $0.matches(whole) }
    }
}

/// Compares two archives by the names of their samples, stages and tensors.
struct ArchiveComparer {
    let left: ArchiveReader
    let right: ArchiveReader
    let settings: ComparisonSettings
    private var result: ArchiveComparison
    /// A difference was found and `failsFast` asks for no more.
    private var isDone = false

    init(_ left: ArchiveReader, _ right: ArchiveReader, _ settings: ComparisonSettings) {
        (self.left, self.right, self.settings) = (left, right, settings)
        result = ArchiveComparison(
            left: left.file, right: right.file, status: .equal, summary: "", tolerance: settings.tolerance)
    }

    /// The result; throws where an archive cannot be read.
    mutating func compare() throws(ArchiveError) -> ArchiveComparison {
        let contents = (try ArchiveContents(left), try ArchiveContents(right))
        let names = (contents.0.samples.map(\.name), contents.1.samples.map(\.name))
        for (name, objects) in contents.1.samples {
            guard let own = contents.0.samples.first(where: { $0.name == name }) else {
                note(objects, of: name, in: \.missing)
                continue
            }
            let pairs = try compare(own.objects, objects, sample: name)
            let status = pairs.map(\.status).max() ?? .equal
            result.samples.append(.init(name: name, status: status, tensors: pairs))
        }
        for (name, objects) in contents.0.samples where !names.1.contains(name) {
            note(objects, of: name, in: \.extra)
        }
        result.shared = try compare(contents.0.shared, contents.1.shared, sample: nil)
        result.context = try ArchiveComparison.ContextDifference.all(
            left, right, samples: names.1.filter { names.0.contains($0) })
        result.conclude()
        return result
    }

    private mutating func note(
        _ objects: [StoredObject], of sample: String, in list: WritableKeyPath<ArchiveComparison, [String]>
    ) {
        let live = objects.filter { isJudged($0) && settings.selects($0, sample: sample) && !$0.isReference }
        result[keyPath: list] += live.map { "/samples/\(sample)/\($0.path)" }
    }

    private func isJudged(_ object: StoredObject) -> Bool { object.kind != .json || object.isLiveDocument }

    private mutating func compare(
        _ own: [StoredObject], _ reference: [StoredObject], sample: String?
    ) throws(ArchiveError) -> [ArchiveComparison.PairComparison] {
        let root = sample.map { "/samples/\($0)" } ?? ""
        let (own, reference) = (
            own.filter { settings.selects($0, sample: sample) },
            reference.filter { settings.selects($0, sample: sample) }
        )
        let byPath = (
            Dictionary(own.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }),
            Dictionary(reference.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        )
        var pairs: [ArchiveComparison.PairComparison] = []
        for object in reference {
            let path = "\(root)/\(object.path)"
            guard isJudged(object) else { continue }
            guard let other = byPath.0[object.path] else {
                lacks(object, path, side: "left", list: \.missing)
                continue
            }
            guard !isDone else {
                result.notCompared.append(.init(object: path, why: "stopped at the first difference"))
                continue
            }
            var pair = try compare(other, object, root: root)
            if pair.status == .differs { try refine(&pair, object, root: root, earlier: pairs) }
            pairs.append(pair)
            result.count(pair, sample: sample, earlier: pairs)
            if pair.status == .differs, settings.failsFast { isDone = true }
        }
        for object in own where isJudged(object) && byPath.1[object.path] == nil {
            lacks(object, "\(root)/\(object.path)", side: "right", list: \.extra)
        }
        return pairs
    }

    /// Recorded reference results belong to goldens only; everything else must be on both sides.
    private mutating func lacks(
        _ object: StoredObject, _ path: String, side: String,
        list: WritableKeyPath<ArchiveComparison, [String]>
    ) {
        if object.isReference {
            result.notCompared.append(
                .init(object: path, why: "a reference result that the \(side) archive lacks"))
        } else {
            result[keyPath: list].append(path)
        }
    }

    private func compare(
        _ own: StoredObject, _ reference: StoredObject, root: String
    ) throws(ArchiveError) -> ArchiveComparison.PairComparison {
        let path = "\(root)/\(reference.path)"
        func pair(_ comparison: TensorComparison) -> ArchiveComparison.PairComparison {
            .init(
                tensor: reference.path, stage: reference.stage, status: comparison.verdict,
                comparison: comparison)
        }
        guard own.kind == reference.kind else {
            return pair(.mismatch("\(own.kind.words) against \(reference.kind.words)"))
        }
        switch reference.kind {
        case .pythonNone:
            _ = (try left.stream(at: path), try right.stream(at: path))
            return pair(.same)
        case .json:
            let (own, reference) = (try document(left, path), try document(right, path))
            return pair(own == reference ? .same : .mismatch(Self.difference(own, reference)))
        default: break
        }
        guard let own = try left.stream(at: path), let stream = try right.stream(at: path) else {
            return pair(.mismatch("None against a tensor"))
        }
        let rule = settings.tolerance.rule(for: reference.path, dtype: stream.dtype)
        var found = pair(try Self.compare(own, stream, rule.tolerance))
        (found.dtype, found.shape) = (stream.dtype.rawValue, stream.shape.extents)
        if found.comparison.figures != nil { found.rule = rule.name }
        return found
    }

    /// A document without what tells nothing: where upstream's code raised is a matter of its installation.
    private func document(_ reader: ArchiveReader, _ path: String) throws(ArchiveError) -> JSONValue {
        let value = try reader.json(at: path)
        guard path.hasSuffix("/raised.json"), case .object(var members) = value else { return value }
        members["where"] = nil
        return .object(members)
    }

    /// Compares two stored tensors; what they say of their axes and rate counts as well.
    private static func compare(
        _ left: TensorStream, _ right: TensorStream, _ tolerance: Tolerance
    ) throws(ArchiveError) -> TensorComparison {
        guard left.dtype == right.dtype else {
            return .mismatch("type \(left.dtype.rawValue) against \(right.dtype.rawValue)")
        }
        guard left.shape == right.shape else {
            return .mismatch("shape \(left.shape) against \(right.shape)")
        }
        let labels = (left.attributes.labels, right.attributes.labels)
        if let own = labels.0.axes, let other = labels.1.axes, own != other {
            return .mismatch("axes \(own.joined(separator: ", ")) against \(other.joined(separator: ", "))")
        }
        if let own = labels.0.sampleRate, let other = labels.1.sampleRate, own != other {
            return .mismatch("\(own) Hz against \(other) Hz")
        }
        let pair = StoredPair(left, right)
        let comparison = TensorComparison(
            of: pair, dtype: right.dtype, shape: right.shape, tolerance: tolerance,
            axes: labels.1.axes ?? labels.0.axes ?? [])
        if let failure = pair.failure { throw failure }
        guard let comparison else { preconditionFailure("a pair that gives up says why") }
        return comparison
    }

    private static func difference(_ left: JSONValue, _ right: JSONValue) -> String {
        guard let own = left.object, let other = right.object else {
            return "\(left.compactText) against \(right.compactText)"
        }
        let keys = Set(own.keys).union(other.keys).sorted().filter { own[$0] != other[$0] }
        return keys.map {
            "\($0) \(own[$0]?.compactText ?? "absent") against \(other[$0]?.compactText ?? "absent")"
        }.joined(separator: ", ")
    }
}

// What a difference means where the archives hold more to judge it by.
extension ArchiveComparer {
    private func refine(
        _ pair: inout ArchiveComparison.PairComparison, _ object: StoredObject, root: String,
        earlier: [ArchiveComparison.PairComparison]
    ) throws(ArchiveError) {
        if pair.comparison.figures != nil, object.path.hasSuffix("/delayed"), object.part != "golden" {
            pair.flips = try flips(of: object, root: root)
            let logits = earlier.first { $0.tensor == "generation/input/audio_logits" }
            if pair.flips?.areNearTies == true, logits?.status != .differs { pair.status = .withinTolerance }
        }
        if object.part == "captured", let floor = try noiseFloor(of: object, root: root) {
            pair.noiseFloor = floor
            if floor.passes { pair.status = .withinTolerance }
        }
    }

    /// The streams of the generation, and of the tokens, whose input is the same.
    private func flips(of object: StoredObject, root: String) throws(ArchiveError) -> TokenFlips? {
        let names = object.path.split(separator: "/")
        guard let segments = names.firstIndex(of: "segments"), names.count == segments + 3,
            let segment = Int(names[segments + 1])
        else { return nil }
        let path = "\(root)/\(object.path)"
        let sides = (try left.int64(at: path, rank: 2), try right.int64(at: path, rank: 2))
        guard sides.0.shape == sides.1.shape else { return nil }
        var firstStep = 0
        for earlier in 0..<segment {
            let path = "\(root)/generation/captured/segments/\(earlier)/delayed"
            guard let shape = try right.contains(path) ? try right.attributes(at: path).shape : nil,
                shape.rank == 2
            else { return nil }
            firstStep += shape[1] - 1
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

    /// The reference's own distance between its precisions, where the left archive declares bfloat16.
    private func noiseFloor(of object: StoredObject, root: String) throws(ArchiveError) -> NoiseFloor? {
        let rest = object.path.split(separator: "/").dropFirst(2).joined(separator: "/")
        let golden = (
            "\(root)/\(object.stage)/golden/\(rest)", "\(root)/\(object.stage)/golden_bf16/\(rest)"
        )
        guard try right.contains(golden.0), try right.contains(golden.1), try declaresBFloat16(object.stage),
            let candidate = try left.stream(at: "\(root)/\(object.path)"),
            let exact = try right.stream(at: golden.0), let rough = try right.stream(at: golden.1)
        else { return nil }
        let again = try right.stream(at: golden.0)
        let tolerance = Tolerance.standard(for: exact.dtype)
        return NoiseFloor(
            candidate: try Self.compare(candidate, exact, tolerance),
            floor: try Self.compare(rough, again ?? exact, tolerance))
    }

    private func declaresBFloat16(_ stage: String) throws(ArchiveError) -> Bool {
        let provenance = try left.jsonIfPresent(at: "/provenance.json")
        // A port may have one precision for all.
        let declared = provenance?[stage == "decode" ? "codec" : "model"]?["dtype"] ?? provenance?["dtype"]
        return declared?.string == "bfloat16"
    }
}

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
        switch pair.status {
        case .equal: equal += 1
        case .withinTolerance: withinTolerance += 1
        case .differs:
            differing += 1
            guard first == nil else { return }
            let inputs = earlier.filter {
                $0.stage == pair.stage && $0.tensor.hasPrefix("\(pair.stage)/input/")
            }
            let isInput = pair.tensor.hasPrefix("\(pair.stage)/input/")
            first = FirstDifference(
                sample: sample, stage: pair.stage, tensor: pair.tensor,
                inputAgrees: isInput || inputs.isEmpty ? nil : inputs.allSatisfy { $0.status != .differs })
        }
    }

    /// Fills in the status and the sentence.
    mutating func conclude() {
        let isComplete = missing.isEmpty && extra.isEmpty
        status =
            differing > 0 || !isComplete || compared == 0
            ? .differs : withinTolerance > 0 ? .withinTolerance : .equal
        summary = Self.sentence(self)
    }

    private static func sentence(_ result: ArchiveComparison) -> String {
        guard result.compared > 0 else { return "No tensor is in both archives; nothing was compared." }
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

extension ObjectKind {
    fileprivate var words: String {
        switch self {
        case .group: "a group"
        case .tensor: "a tensor"
        case .pythonNone: "None"
        case .json: "a text"
        case .missing: "nothing"
        }
    }
}
