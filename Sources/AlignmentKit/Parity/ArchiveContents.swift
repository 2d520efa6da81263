internal import AlignmentArchive

/// What one archive holds that can be compared, in the order of the pipeline.
struct ArchiveContents {
    /// Samples by name, in the archive's order.
    var samples: [(name: String, objects: [StoredObject])] = []
    /// Tensors outside of samples, such as the codec's weights.
    var shared: [StoredObject] = []

    /// Objects looked at; a group under many names is one for each.
    private var visited = 0

    init(_ reader: ArchiveReader) throws(ArchiveError) {
        var shared: [StoredObject] = []
        for name in try reader.children(of: "/") {
            guard name == "samples", try reader.kind(of: "/samples") == .group else {
                try collect(reader, root: "", name, into: &shared)
                continue
            }
            for name in try reader.children(of: "/samples") {
                guard try reader.kind(of: "/samples/\(name)") == .group else {
                    try collect(reader, root: "", "samples/\(name)", into: &shared)
                    continue
                }
                var objects: [StoredObject] = []
                for inner in try reader.children(of: "/samples/\(name)") {
                    try collect(reader, root: "/samples/\(name)", inner, into: &objects)
                }
                samples.append((name, objects.sorted { $0.rank < $1.rank }))
            }
        }
        self.shared = shared.filter { $0.kind != .json }
    }

    private mutating func collect(
        _ reader: ArchiveReader, root: String, _ path: String, into objects: inout [StoredObject]
    ) throws(ArchiveError) {
        visited += 1
        guard visited <= reader.limits.objects else {
            throw ArchiveError(
                file: reader.file, .overLimit(.objects, found: "more", allowed: "\(reader.limits.objects)"))
        }
        let kind = try reader.kind(of: "\(root)/\(path)")
        guard kind == .group else {
            objects.append(StoredObject(path: path, kind: kind, ordinal: objects.count))
            return
        }
        for name in try reader.children(of: "\(root)/\(path)") {
            try collect(reader, root: root, "\(path)/\(name)", into: &objects)
        }
    }
}

/// One stored value by its path below the sample.
struct StoredObject {
    let path: String
    let kind: ObjectKind
    /// The stage, or another name at its place.
    let stage: String
    /// `input`, `captured`, `golden`, …
    let part: String
    fileprivate let rank: Rank

    /// - Parameter ordinal: its place in the archive's order.
    init(path: String, kind: ObjectKind, ordinal: Int) {
        (self.path, self.kind) = (path, kind)
        // By bytes: a name may begin with a mark that joins the slash before it.
        let names = path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 2).map { String(Substring($0)) }
        stage = names[0]
        part = names.count > 2 ? names[1] : ""
        rank = Rank(
            stage: Self.stages.firstIndex(of: stage) ?? Self.stages.count,
            part: Self.parts.firstIndex(of: part) ?? Self.parts.count, ordinal: ordinal)
    }

    /// Whether it is compared, rather than named: everything but texts that say nothing of a stage.
    var isJudged: Bool { kind != .json || isLiveDocument }

    /// Recorded reference results: compared where both archives have them.
    var isReference: Bool {
        part == "golden" || part == "golden_bf16" || stage == "run_golden"
    }

    /// A JSON document that says what a stage did.
    var isLiveDocument: Bool {
        kind == .json && (path.hasSuffix("/stop.json") || path.hasSuffix("/raised.json"))
    }

    /// Most upstream first.
    fileprivate struct Rank: Comparable {
        let stage, part, ordinal: Int

        static func < (left: Rank, right: Rank) -> Bool {
            (left.stage, left.part, left.ordinal) < (right.stage, right.part, right.ordinal)
        }
    }

    static let stages = ["collator", "generation", "tokens", "decode", "run_golden"]
    static let parts = ["input", "captured", "golden", "golden_bf16"]
}
