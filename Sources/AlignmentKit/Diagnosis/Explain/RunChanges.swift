import AlignmentJSON

/// What surrounds two runs and is not the same: versions, devices, switches of torch, checkpoints, upstream's own files.
///
/// None of it is a cause by itself; it is where to look for one that the tensors show.
struct RunChanges {
    /// One clause for each, in the order of their names.
    let sentences: [String]

    /// What differs from the provenance of a run to that of another; what only one of them says is left out.
    init(from before: JSONValue?, to now: JSONValue?) {
        let (before, now) = (Self.leaves(before), Self.leaves(now))
        sentences = before.keys.sorted().compactMap { path in
            guard let old = before[path], let new = now[path], old != new else { return nil }
            return path.hasPrefix("source_sha256 ")
                ? "\(path.dropFirst(14)) has another text" : "\(path) was \(old) and is \(new)"
        }
    }

    private static let telling = [
        "packages", "platform", "torch", "model", "codec", "checkpoints", "source_sha256",
    ]
    /// What differs from run to run, or from machine to machine, and changes nothing.
    private static let idle = ["initial_seed", "threads", "path"]

    private static func leaves(_ provenance: JSONValue?) -> [String: String] {
        var leaves: [String: String] = [:]
        func visit(_ value: JSONValue, _ path: String) {
            if case .object(let members) = value {
                for (key, member) in members where !idle.contains(key) { visit(member, "\(path) \(key)") }
            } else if value != .null {
                leaves[path] = value.string.map { String($0.prefix(40)) } ?? value.compactText
            }
        }
        for key in telling { if let value = provenance?[key] { visit(value, key) } }
        return leaves
    }
}
