internal import AlignmentArchive

/// What one archive holds that can be compared, in the order of the pipeline.
struct ArchiveContents {
    /// Samples by name, in the archive's order.
    var samples: [(name: String, objects: [StoredObject])] = []
    /// Tensors outside of samples, such as the codec's weights.
    var shared: [StoredObject] = []

    init(_ reader: ArchiveReader) throws(ArchiveError) {
        if try reader.contains("/samples") {
            for name in try reader.children(of: "/samples") {
                let root = "/samples/\(name)"
                var objects: [StoredObject] = []
                if try reader.kind(of: root) == .group {
                    try Self.collect(reader, root: root, below: "", into: &objects)
                }
                samples.append((name, objects.sorted { $0.rank < $1.rank }))
            }
        }
        for name in try reader.children(of: "/") where name != "samples" {
            guard try reader.kind(of: "/\(name)") == .group, name != "config" else { continue }
            try Self.collect(reader, root: "", below: name, into: &shared)
        }
        shared.removeAll { $0.kind == .json }
    }

    private static func collect(
        _ reader: ArchiveReader, root: String, below path: String, into objects: inout [StoredObject]
    ) throws(ArchiveError) {
        let group = path.isEmpty ? root : "\(root)/\(path)"
        for name in try reader.children(of: group) {
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            let kind = try reader.kind(of: "\(root)/\(inner)")
            if kind == .group {
                try collect(reader, root: root, below: inner, into: &objects)
            } else {
                objects.append(StoredObject(path: inner, kind: kind, ordinal: objects.count))
            }
        }
    }
}

/// One stored value by its path below the sample.
struct StoredObject {
    let path: String
    let kind: ObjectKind
    /// Its place in the archive's order.
    let ordinal: Int

    /// The stage, or another name at its place.
    var stage: String { component(0) }
    /// `input`, `captured`, `golden`, …
    var part: String { component(1) }

    private func component(_ index: Int) -> String {
        let names = path.split(separator: "/", maxSplits: 2)
        return names.count > index + (index == 0 ? 0 : 1) ? String(names[index]) : ""
    }

    /// Recorded reference results: compared where both archives have them.
    var isReference: Bool {
        part == "golden" || part == "golden_bf16" || stage == "run_golden"
    }

    /// A JSON document that says what a stage did.
    var isLiveDocument: Bool {
        kind == .json && (path.hasSuffix("/stop.json") || path.hasSuffix("/raised.json"))
    }

    /// Most upstream first.
    fileprivate var rank: Rank {
        Rank(
            stage: Self.stages.firstIndex(of: stage) ?? Self.stages.count,
            part: Self.parts.firstIndex(of: part) ?? Self.parts.count, ordinal: ordinal)
    }

    fileprivate struct Rank: Comparable {
        let stage, part, ordinal: Int

        static func < (left: Rank, right: Rank) -> Bool {
            (left.stage, left.part, left.ordinal) < (right.stage, right.part, right.ordinal)
        }
    }

    static let stages = ["collator", "generation", "tokens", "decode", "run_golden"]
    static let parts = ["input", "captured", "golden", "golden_bf16"]
}
