internal import AlignmentFiles

/// The files of a folder of dumps.
struct DumpFolder: Sendable {
    /// The folder, as given, without slashes at its end.
    let path: String
    /// Every file but the manifest, relative to the folder, sorted by bytes.
    let files: [String]

    /// Most files in one folder of dumps.
    static let mostFiles = 200_000
    /// Deepest folder within folders.
    static let deepest = 40

    /// Lists a folder and those in it; hidden files count.
    init(_ path: String) throws(ExchangeError) {
        let trimmed = path.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed()
        let name = trimmed.isEmpty ? path : String(decoding: Array(trimmed), as: UTF8.self)
        switch FileSystem.entry(at: name) {
        case .directory: break
        case .missing:
            throw ExchangeError(
                file: path, problem: "does not exist", remedy: "give the path of a folder of dumps")
        case .unreachable(let why):
            throw ExchangeError(
                file: path, problem: "could not be read: \(why)", remedy: "give the path of a folder of dumps"
            )
        case .file, .other:
            throw ExchangeError(
                file: path, problem: "is no folder", remedy: "give the path of a folder of dumps")
        }
        self.path = name
        var files: [String] = []
        try Self.list(name, "", 0, into: &files)
        self.files = files.filter { $0 != ImportManifest.fileName }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }

    /// The path of a file as a user would type it.
    func full(_ file: String) -> String { "\(path)/\(file)" }

    private static func list(
        _ root: String, _ prefix: String, _ depth: Int, into files: inout [String]
    ) throws(ExchangeError) {
        let folder = prefix.isEmpty ? root : "\(root)/\(prefix)"
        guard depth <= deepest else {
            throw ExchangeError(
                file: folder, problem: "lies deeper than \(deepest) folders within folders",
                remedy: "move it up")
        }
        let names: [String]
        do { names = try FileSystem.names(in: folder) } catch {
            throw ExchangeError(file: folder, error, operation: "listed")
        }
        for name in names {
            let relative = prefix.isEmpty ? name : "\(prefix)/\(name)"
            let full = "\(root)/\(relative)"
            switch FileSystem.entry(at: full) {
            case .directory:
                guard !FileSystem.isSymbolicLink(full) else {
                    throw ExchangeError(
                        file: full, problem: "is a link to a folder, which is not followed",
                        remedy: "copy it here")
                }
                try list(root, relative, depth + 1, into: &files)
            case .file: files.append(relative)
            case .other:
                throw ExchangeError(file: full, problem: "is a device or a pipe", remedy: "remove it")
            case .missing:
                throw ExchangeError(file: full, problem: "is a link to nothing", remedy: "remove it")
            case .unreachable(let why):
                throw ExchangeError(file: full, problem: "could not be read: \(why)", remedy: "remove it")
            }
            guard files.count <= mostFiles else {
                throw ExchangeError(
                    file: root, problem: "holds more than \(mostFiles) files",
                    remedy: "put the tensors of a request into one .safetensors file")
            }
        }
    }
}
