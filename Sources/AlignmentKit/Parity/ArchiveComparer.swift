internal import AlignmentArchive
internal import AlignmentComparison
internal import AlignmentTensors

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
        let (own, other) = (try ArchiveContents(left), try ArchiveContents(right))
        nameUnusedPatterns(own, other)
        let ownSamples = own.samples.byName(\.name)
        let otherNames = Set(other.samples.map { ByteName($0.name) })
        var common: [String] = []
        for (name, objects) in other.samples {
            guard let counterpart = ownSamples[ByteName(name)] else {
                lacksSample(name, objects, side: "left", list: \.missing)
                continue
            }
            common.append(name)
            let before = result.missing.count + result.extra.count
            let pairs = try compare(counterpart.objects, objects, sample: name)
            let isComplete = result.missing.count + result.extra.count == before
            result.samples.append(
                .init(name: name, status: isComplete ? pairs.map(\.status).max() : .differs, tensors: pairs))
        }
        for (name, objects) in own.samples where !otherNames.contains(ByteName(name)) {
            lacksSample(name, objects, side: "right", list: \.extra)
        }
        result.shared = try compare(own.shared, other.shared, sample: nil)
        result.context = try ArchiveComparison.ContextDifference.all(left, right, samples: common)
        result.conclude()
        return result
    }

    private mutating func nameUnusedPatterns(_ own: ArchiveContents, _ other: ArchiveContents) {
        let paths = [own, other].flatMap { contents in
            contents.samples.flatMap { sample in
                sample.objects.map { ($0.path, "samples/\(sample.name)/\($0.path)") }
            }
                + contents.shared.map { ($0.path, $0.path) }
        }
        for pattern in settings.only
        where !paths.contains(where: { pattern.matches($0.0) || pattern.matches($0.1) }) {
            result.notCompared.append(
                .init(object: pattern.text, why: "nothing in either archive matches it"))
        }
    }

    /// A sample that one side does not have, by everything in it that would have been compared.
    private mutating func lacksSample(
        _ name: String, _ objects: [StoredObject], side: String,
        list: WritableKeyPath<ArchiveComparison, [String]>
    ) {
        let before = result[keyPath: list].count
        for object in objects where object.isJudged && settings.selects(object, sample: name) {
            lacks(object, "/samples/\(name)/\(object.path)", side: side, list: list)
        }
        if result[keyPath: list].count == before, settings.selectsAll {
            result[keyPath: list].append("/samples/\(name)")
        }
    }

    private mutating func compare(
        _ own: [StoredObject], _ reference: [StoredObject], sample: String?
    ) throws(ArchiveError) -> [ArchiveComparison.PairComparison] {
        let root = sample.map { "/samples/\($0)" } ?? ""
        let own = own.filter { settings.selects($0, sample: sample) }
        let reference = reference.filter { settings.selects($0, sample: sample) }
        let (ownByPath, otherByPath) = (own.byName(\.path), reference.byName(\.path))
        for object in own where object.isJudged && otherByPath[ByteName(object.path)] == nil {
            lacks(object, "\(root)/\(object.path)", side: "right", list: \.extra)
        }
        var pairs: [ArchiveComparison.PairComparison] = []
        for object in reference {
            let path = "\(root)/\(object.path)"
            guard let counterpart = ownByPath[ByteName(object.path)] else {
                if object.isJudged { lacks(object, path, side: "left", list: \.missing) }
                continue
            }
            // A text that faces a tensor is judged: the tensor has no other to be compared with.
            guard object.isJudged || counterpart.isJudged else {
                try nameText(path)
                continue
            }
            guard !isDone else {
                result.notCompared.append(.init(object: path, why: "stopped at the first difference"))
                continue
            }
            var pair = try compare(counterpart, object, root: root)
            if pair.status == .differs { try refine(&pair, object, root: root, earlier: pairs) }
            pairs.append(pair)
            result.count(pair, sample: sample, earlier: pairs)
            if pair.status == .differs, settings.failsFast { isDone = true }
        }
        return pairs
    }

    /// Texts of a request are not judged; that they differ is said. Settings are named one by one elsewhere.
    private mutating func nameText(_ path: String) throws(ArchiveError) {
        guard !path.hasSuffix("/profile.json"), try left.jsonText(at: path) != right.jsonText(at: path) else {
            return
        }
        result.notCompared.append(.init(object: path, why: "a text that differs; texts are not judged"))
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
}

/// A name as archives compare it: by its bytes, not as text that may be spelled in two ways.
struct ByteName: Hashable {
    private let bytes: [UInt8]

    init(_ name: String) { bytes = Array(name.utf8) }
}

extension Sequence {
    /// The elements by a name of theirs; the first of two with one name.
    fileprivate func byName(_ name: (Element) -> String) -> [ByteName: Element] {
        Dictionary(map { (ByteName(name($0)), $0) }, uniquingKeysWith: { first, _ in first })
    }
}
