import AlignmentJSON

/// What surrounds two runs and is not the same: versions, devices, switches of torch, checkpoints, upstream's own files.
///
/// None of it is a cause by itself; it is where to look for one that the tensors show.
struct RunChanges {
    /// One clause for each, in the order of their names.
    let sentences: [String]

    /// What differs from the provenance of a run to that of another; what only one of them says is left out.
    init(from before: JSONValue?, to now: JSONValue?) {
        let (before, now) = (Self.telling(before), Self.telling(now))
        sentences = before.keys.sorted().compactMap { path in
            guard let old = before[path], let new = now[path], old != new else { return nil }
            return path.hasPrefix(Self.sources)
                ? "\(path.dropFirst(Self.sources.count)) has another text"
                : "\(path) was \(Self.words(old)) and is \(Self.words(new))"
        }
    }

    private static let sources = "source_sha256."
    private static let groups = [
        "packages", "platform", "torch", "model", "codec", "checkpoints", "source_sha256",
    ]
    /// What is another from run to run, or from machine to machine, and changes nothing.
    private static let idle = [
        "torch.initial_seed", "torch.threads", "checkpoints.model.path", "checkpoints.codec.path",
    ]

    /// The values of a provenance that may change a result.
    private static func telling(_ provenance: JSONValue?) -> [String: JSONValue] {
        (provenance?.leaves ?? [:]).filter { path, value in
            groups.contains { path.hasPrefix($0 + ".") } && !idle.contains(path) && value != .null
        }
    }

    /// A text without quotes, hashes cut short.
    private static func words(_ value: JSONValue) -> String {
        value.string.map { String($0.prefix(40)) } ?? value.compactText
    }
}
