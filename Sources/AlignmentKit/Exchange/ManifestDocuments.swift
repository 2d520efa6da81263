import AlignmentJSON

/// The JSON documents of an archive that a manifest can hold itself.
struct ManifestDocuments: Sendable {
    /// Those that it holds.
    private(set) var texts: [ImportPlan.PlannedText] = []
    /// Configurations that it only names, such as "model: higgs-audio-v2".
    private(set) var named: [String] = []

    /// Which key is which document, and whether it must be somewhere.
    static let paths: [(key: String, path: String, isRequired: Bool)] = [
        ("provenance", "provenance.json", true), ("model", "config/model.json", true),
        ("tokens", "config/tokens.json", true), ("profile", "profile.json", false),
    ]

    /// Takes each document from the manifest or leaves it to the file beside it, never both.
    init(_ manifest: ImportManifest, folder: DumpFolder) throws(ExchangeError) {
        for (key, path, isRequired) in Self.paths {
            let isFile = folder.files.contains(path)
            guard let value = manifest.json[key] else {
                guard isFile || !isRequired else {
                    let name =
                        key == "provenance" ? "an object" : "\"\(ReleasedConfiguration.names[0])\", an object"
                    throw manifest.failure(
                        key, "is missing, and there is no file \(path)",
                        "give \(name), or null if it is not known")
                }
                continue
            }
            guard !isFile else {
                throw manifest.failure(key, "stands here and in \(folder.full(path))", "remove one of them")
            }
            switch value {
            case .null: continue
            case .string(let name):
                named.append("\(key): \(name)")
                let document =
                    key == "model" ? ReleasedConfiguration.model(name) : ReleasedConfiguration.tokens(name)
                guard let document else {
                    throw manifest.failure(
                        key, "names no released model", "see docs/import-manifest.schema.json")
                }
                texts.append(.init(path: path, source: .inline(document, manifest: manifest.file)))
            default: texts.append(.init(path: path, source: .inline(value, manifest: manifest.file)))
            }
        }
    }
}
