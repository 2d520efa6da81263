internal import AlignmentArchive
internal import AlignmentComparison
internal import AlignmentJSON
internal import AlignmentTensors

// One object of both archives.
extension ArchiveComparer {
    func compare(
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
    static func compare(
        _ left: TensorStream, _ right: TensorStream, _ tolerance: Tolerance, axes: [String]? = nil
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
            axes: axes ?? labels.1.axes ?? labels.0.axes ?? [])
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
