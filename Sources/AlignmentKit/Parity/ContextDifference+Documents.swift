internal import AlignmentArchive
internal import AlignmentJSON

extension ArchiveComparison.ContextDifference {
    /// What differs between two archives' settings and versions.
    static func all(
        _ left: ArchiveReader, _ right: ArchiveReader, samples: [String]
    ) throws(ArchiveError) -> [Self] {
        var found: [Self] = []
        // By key, of the whole capture: a request repeats what it says.
        var whole: [String: Self] = [:]
        let documents =
            [
                "profile.json", "config/model.json", "config/codec.json", "config/tokens.json",
                "weights/codec.json",
                "provenance.json",
            ]
            + samples.map { "samples/\($0)/profile.json" }
        for document in documents {
            let sides = (
                leaves(try left.jsonIfPresent(at: "/\(document)"), in: document),
                leaves(try right.jsonIfPresent(at: "/\(document)"), in: document)
            )
            for key in Set(sides.0.keys).union(sides.1.keys).sorted() where sides.0[key] != sides.1[key] {
                let difference = Self(document: document, key: key, left: sides.0[key], right: sides.1[key])
                if document == "profile.json" { whole[key] = difference }
                if document.hasPrefix("samples/"), let same = whole[key],
                    (same.left, same.right) == (difference.left, difference.right)
                {
                    continue
                }
                found.append(difference)
            }
        }
        return found
    }

    /// What can change a result: of the provenance versions, device and precision, of the codec its checkpoint.
    private static let telling = [
        "provenance.json": [
            "packages", "model", "codec", "platform", "torch", "name", "version", "device", "dtype",
        ],
        "weights/codec.json": ["checkpoint_sha256"],
    ]

    private static func leaves(_ value: JSONValue?, in document: String) -> [String: String] {
        guard var value else { return [:] }
        if let keys = telling[document], case .object(let members) = value {
            value = .object(members.filter { keys.contains($0.key) })
        }
        if case .object(let members) = value, members.isEmpty { return [:] }
        return value.leaves.mapValues(\.compactText)
    }
}
